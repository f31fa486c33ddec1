package main

import (
	"bytes"
	"reflect"
	"strconv"

	"github.com/nats-io/nats.go"
)

func contentAndReplyArriveUnchanged(s *Session) {
	publisher, subscriber := s.connect(), s.connect()
	sub := subscribe(subscriber, "pub.content")
	flush(subscriber)
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}

	publish(publisher, "pub.content", "hello")
	publish(publisher, "pub.content", "")
	must(publisher.Publish("pub.content", everyByte), "publish")
	publish(publisher, "pub.content", "\r\nPUB pub.content 1\r\n")
	must(publisher.PublishRequest("pub.content", "the.reply", []byte("asks")), "publish")

	expectNext(sub, "pub.content", "hello")
	expectNext(sub, "pub.content", "")
	expect(bytes.Equal(next(sub).Data, everyByte), "the bytes differ")
	expectNext(sub, "pub.content", "\r\nPUB pub.content 1\r\n")
	asks := expectNext(sub, "pub.content", "asks")
	expect(asks.Reply == "the.reply", "reply is %s", asks.Reply)
}

func manyMessagesKeepTheirOrder(s *Session) {
	const count = 20000
	publisher, subscriber := s.connect(), s.connect()
	sub := subscribe(subscriber, "pub.order")
	flush(subscriber)

	for i := 0; i < count; i++ {
		publish(publisher, "pub.order", strconv.Itoa(i))
	}

	for i := 0; i < count; i++ {
		expectNext(sub, "pub.order", strconv.Itoa(i))
	}
}

func wildcardsMatchWholeTokens(s *Session) {
	nc := s.connect()
	all := []string{"wild.a", "wild.b", "wild.a.b", "wild.a.b.c", "wild.b.b", "wild.a.x"}
	for _, each := range []struct {
		pattern string
		wanted  []string
	}{
		{"wild.a", []string{"wild.a"}},
		{"wild.*", []string{"wild.a", "wild.b"}},
		{"wild.*.b", []string{"wild.a.b", "wild.b.b"}},
		{"wild.>", all},
		{"wild.a.>", []string{"wild.a.b", "wild.a.b.c", "wild.a.x"}},
		{"*.a.b", []string{"wild.a.b", "wildcard.a.b"}},
		{"*.*.*.c", []string{"wild.a.b.c"}},
	} {
		sub := subscribe(nc, each.pattern)
		for _, subject := range append(all, "wild", "other.a", "wildcard.a.b") {
			publish(nc, subject, subject)
		}
		flush(nc)

		pending, _, err := sub.Pending()
		must(err, "pending")
		got := []string{}
		for i := 0; i < pending; i++ {
			got = append(got, next(sub).Subject)
		}
		expect(reflect.DeepEqual(got, each.wanted), "%s matched %v", each.pattern, got)
		must(sub.Unsubscribe(), "unsubscribe")
	}
}

func overlappingSubscriptionsEachGetACopy(s *Session) {
	nc := s.connect()
	subs := []*nats.Subscription{}
	for _, pattern := range []string{"over.lap", "over.lap", "over.*", "over.>"} {
		subs = append(subs, subscribe(nc, pattern))
	}

	publish(nc, "over.lap", "one")
	publish(nc, "over.lap", "two")

	for _, sub := range subs {
		expectNext(sub, "over.lap", "one")
		expectNext(sub, "over.lap", "two")
	}
}

func unsubscribedGetsNothing(s *Session) {
	nc := s.connect()
	gone, stays := subscribe(nc, "unsub.a"), subscribe(nc, "unsub.a")
	publish(nc, "unsub.a", "first")
	expectNext(gone, "unsub.a", "first")
	expectNext(stays, "unsub.a", "first")

	must(gone.Unsubscribe(), "unsubscribe")
	publish(nc, "unsub.a", "second")

	expectNext(stays, "unsub.a", "second")
	flush(nc)
	// What arrived on the wire counts here, also when the library would drop it.
	expect(nc.Stats().InMsgs == 3, "the server sent %d messages", nc.Stats().InMsgs)
}

func autoUnsubscribeEndsAfterExactlyMax(s *Session) {
	nc := s.connect()
	limited, all := subscribe(nc, "auto.a"), subscribe(nc, "auto.a")
	must(limited.AutoUnsubscribe(10), "auto-unsubscribe")

	for i := 0; i < 25; i++ {
		publish(nc, "auto.a", strconv.Itoa(i))
	}

	for i := 0; i < 25; i++ {
		expectNext(all, "auto.a", strconv.Itoa(i))
	}
	for i := 0; i < 10; i++ {
		expectNext(limited, "auto.a", strconv.Itoa(i))
	}
	expectEnd(limited)
	expect(nc.Stats().InMsgs == 35, "the server sent %d messages", nc.Stats().InMsgs)
}

func autoUnsubscribeCountsWhatWasDelivered(s *Session) {
	nc := s.connect()
	limited, all := subscribe(nc, "auto.b"), subscribe(nc, "auto.b")
	for i := 0; i < 5; i++ {
		publish(nc, "auto.b", strconv.Itoa(i))
		expectNext(limited, "auto.b", strconv.Itoa(i))
	}

	must(limited.AutoUnsubscribe(7), "auto-unsubscribe")
	for i := 5; i < 12; i++ {
		publish(nc, "auto.b", strconv.Itoa(i))
	}

	for i := 0; i < 12; i++ {
		expectNext(all, "auto.b", strconv.Itoa(i))
	}
	expectNext(limited, "auto.b", "5")
	expectNext(limited, "auto.b", "6")
	expectEnd(limited)
	expect(nc.Stats().InMsgs == 19, "the server sent %d messages", nc.Stats().InMsgs)
}

func noEchoKeepsOwnMessagesAway(s *Session) {
	quiet, other := s.connect(nats.NoEcho()), s.connect()
	own, foreign := subscribe(quiet, "echo.a"), subscribe(other, "echo.a")
	flush(quiet)
	flush(other)

	publish(quiet, "echo.a", "from quiet")
	expectNext(foreign, "echo.a", "from quiet")
	publish(other, "echo.a", "from other")

	expectNext(own, "echo.a", "from other")
}

func verboseAndPedanticWorks(s *Session) {
	nc := s.connect(func(options *nats.Options) error {
		options.Verbose, options.Pedantic = true, true
		return nil
	})
	sub := subscribe(nc, "verbose.*")
	for i := 0; i < 100; i++ {
		publish(nc, "verbose.a", strconv.Itoa(i))
	}
	for i := 0; i < 100; i++ {
		expectNext(sub, "verbose.a", strconv.Itoa(i))
	}
}

func flushIsAnsweredAfterWhatWasSent(s *Session) {
	nc := s.connect()
	sub := subscribe(nc, "flush.a")
	for i := 1; i <= 100; i++ {
		publish(nc, "flush.a", "x")
		flush(nc)
		pending, _, err := sub.Pending()
		must(err, "pending")
		expect(pending == i, "%d messages after flush %d", pending, i)
	}
	roundTrip, err := nc.RTT()
	must(err, "round trip")
	expect(roundTrip > 0, "the round trip takes time")
}

func headersArriveWithAllValues(s *Session) {
	publisher, subscriber := s.connect(), s.connect()
	expect(publisher.HeadersSupported(), "the server offers no headers")
	sub := subscribe(subscriber, "head.a")
	flush(subscriber)

	for _, text := range []string{"body", ""} {
		msg := nats.NewMsg("head.a")
		msg.Reply, msg.Data = "head.reply", []byte(text)
		msg.Header.Set("Single", "one value")
		msg.Header.Add("Multi", "a")
		msg.Header.Add("Multi", "b:c")
		msg.Header.Set("Empty", "")
		must(publisher.PublishMsg(msg), "publish")

		got := expectNext(sub, "head.a", text)
		expect(got.Reply == "head.reply", "reply is %s", got.Reply)
		expect(reflect.DeepEqual(got.Header, msg.Header), "headers are %v", got.Header)
	}
}
