package main

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

const queueMessages = 3000

// respond answers each request with "re:", its content, and its header Question as Answer.
func respond(nc *nats.Conn, subject string) {
	_, err := nc.Subscribe(subject, func(question *nats.Msg) {
		answer := nats.NewMsg(question.Reply)
		answer.Data = append([]byte("re:"), question.Data...)
		answer.Header.Set("Answer", question.Header.Get("Question"))
		question.RespondMsg(answer)
	})
	must(err, "subscribe to "+subject)
	flush(nc)
}

func requestGetsItsReply(s *Session) {
	service := s.connect()
	respond(service, "ask.once")
	for _, asker := range []*nats.Conn{s.connect(), s.connect(nats.UseOldRequestStyle())} {
		for i := 0; i < 100; i++ {
			reply, err := asker.Request("ask.once", []byte(strconv.Itoa(i)), patience)
			must(err, "request")
			expect(string(reply.Data) == fmt.Sprintf("re:%d", i), "reply is <%s>", reply.Data)
		}
	}
}

func concurrentRequestsGetTheirOwnReplies(s *Session) {
	service, asker := s.connect(), s.connect()
	respond(service, "ask.many")
	problems := make(chan string, 16)

	var group sync.WaitGroup
	for worker := 0; worker < cap(problems); worker++ {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for i := 0; i < 200; i++ {
				text := fmt.Sprintf("%d:%d", worker, i)
				reply, err := asker.Request("ask.many", []byte(text), patience)
				if err != nil || string(reply.Data) != "re:"+text {
					problems <- fmt.Sprintf("%s got %v, error %v", text, reply, err)
					return
				}
			}
		}(worker)
	}
	group.Wait()

	close(problems)
	for problem := range problems {
		panic(failure(problem))
	}
}

func requestCarriesHeadersBothWays(s *Session) {
	service, asker := s.connect(), s.connect()
	respond(service, "ask.head")
	question := nats.NewMsg("ask.head")
	question.Data = []byte("content")
	question.Header.Set("Question", "42")

	reply, err := asker.RequestMsg(question, patience)

	must(err, "request")
	expect(string(reply.Data) == "re:content", "reply is <%s>", reply.Data)
	expect(reply.Header.Get("Answer") == "42", "headers of the reply are %v", reply.Header)
}

func noRespondersIsToldAtOnce(s *Session) {
	for _, asker := range []*nats.Conn{s.connect(), s.connect(nats.UseOldRequestStyle())} {
		begin := time.Now()
		_, err := asker.Request("nobody.there", nil, patience)
		expect(err == nats.ErrNoResponders, "the request ended with %v", err)
		expect(time.Since(begin) < patience/2, "the answer took as long as a time-out")
	}
}

func noRespondersIsAStatusMessage(s *Session) {
	asker := s.connect()
	statuses := make(chan *nats.Msg, 1)
	_, err := asker.Subscribe("my.inbox", func(msg *nats.Msg) { statuses <- msg })
	must(err, "subscribe")

	must(asker.PublishRequest("nobody.there", "my.inbox", nil), "publish")

	select {
	case status := <-statuses:
		expect(status.Header.Get("Status") == "503", "headers are %v", status.Header)
		expect(len(status.Data) == 0, "the status has content")
	case <-time.After(patience):
		panic(failure("no status came"))
	}
}

// expectOnceInTheGroup checks that the members have 0..queueMessages-1, each once, ascending.
func expectOnceInTheGroup(members []*nats.Subscription) {
	seen := map[int]bool{}
	for _, member := range members {
		pending, _, err := member.Pending()
		must(err, "pending")
		expect(pending > 0, "a member of the group got nothing")
		last := -1
		for i := 0; i < pending; i++ {
			number, err := strconv.Atoi(string(next(member).Data))
			must(err, "number of the message")
			expect(number > last, "%d came after %d", number, last)
			expect(!seen[number], "%d came twice", number)
			seen[number] = true
			last = number
		}
	}
	expect(len(seen) == queueMessages, "the group got %d messages", len(seen))
}

func eachMessageReachesOneMember(s *Session) {
	publisher := s.connect()
	var red, blue, markers []*nats.Subscription
	for i := 0; i < 4; i++ {
		nc := s.connect()
		red = append(red, queueSubscribe(nc, "queue.a", "red"))
		blue = append(blue, queueSubscribe(nc, "queue.*", "blue"))
		markers = append(markers, subscribe(nc, "marker"))
		flush(nc)
	}

	for i := 0; i < queueMessages; i++ {
		publish(publisher, "queue.a", strconv.Itoa(i))
	}
	publish(publisher, "marker", "all sent")
	for _, marker := range markers {
		expectNext(marker, "marker", "all sent")
	}

	expectOnceInTheGroup(red)
	expectOnceInTheGroup(blue)
}

func drainedSubscriptionGetsAllSentBefore(s *Session) {
	const count = 2000
	publisher, subscriber := s.connect(), s.connect()
	received := make(chan struct{}, 2*count)
	sub, err := subscriber.Subscribe("drain.a", func(*nats.Msg) { received <- struct{}{} })
	must(err, "subscribe")
	flush(subscriber)
	for i := 0; i < count; i++ {
		publish(publisher, "drain.a", "x")
	}
	flush(publisher)

	must(sub.Drain(), "drain")

	for i := 0; i < count; i++ {
		await(received, fmt.Sprintf("message %d", i))
	}
	flush(subscriber)
	publish(publisher, "drain.a", "after")
	flush(publisher)
	flush(subscriber)
	expect(subscriber.Stats().InMsgs == count, "the server sent %d messages",
		subscriber.Stats().InMsgs)
}

func drainedConnectionAnswersAndCloses(s *Session) {
	const count = 1000
	publisher := s.connect()
	answers := subscribe(publisher, "drain.answers")
	flush(publisher)
	closed := make(chan struct{})
	subscriber := s.connect(nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	_, err := subscriber.QueueSubscribe("drain.b", "group", func(msg *nats.Msg) {
		subscriber.Publish("drain.answers", msg.Data)
	})
	must(err, "subscribe")
	flush(subscriber)
	for i := 0; i < count; i++ {
		publish(publisher, "drain.b", strconv.Itoa(i))
	}
	flush(publisher)

	must(subscriber.Drain(), "drain")

	for i := 0; i < count; i++ {
		expectNext(answers, "drain.answers", strconv.Itoa(i))
	}
	await(closed, "the drained connection to close")
	expect(subscriber.Publish("x", nil) == nats.ErrConnectionClosed, "publishing still works")
}

func largestPayloadArrives(s *Session) {
	publisher, subscriber := s.connect(), s.connect()
	expect(publisher.MaxPayload() == maxPayload, "max_payload is %d", publisher.MaxPayload())
	sub := subscribe(subscriber, "max.ok")
	flush(subscriber)
	content := make([]byte, maxPayload)
	for i := range content {
		content[i] = byte(i * 31 >> 3)
	}

	must(publisher.Publish("max.ok", content), "publish")
	publish(publisher, "max.ok", "and on")

	expect(bytes.Equal(next(sub).Data, content), "the content differs")
	expectNext(sub, "max.ok", "and on")
}

func libraryHoldsBackTooLarge(s *Session) {
	nc := s.connect()
	sub := subscribe(nc, "max.held")

	err := nc.Publish("max.held", make([]byte, maxPayload+1))
	expect(err == nats.ErrMaxPayload, "publishing one byte too many gave %v", err)

	publish(nc, "max.held", "still connected")
	expectNext(sub, "max.held", "still connected")
}
