package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
)

// watch tells what happens to a connection.
type watch struct {
	disconnected, reconnected chan struct{}
}

func (s *Session) connectWatched() (*nats.Conn, watch) {
	events := watch{make(chan struct{}, 16), make(chan struct{}, 16)}
	nc := s.connect(
		nats.ReconnectWait(20*time.Millisecond),
		nats.ReconnectJitter(time.Millisecond, time.Millisecond),
		nats.MaxReconnects(1000),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { events.disconnected <- struct{}{} }),
		nats.ReconnectHandler(func(*nats.Conn) { events.reconnected <- struct{}{} }))
	return nc, events
}

func expectFlow(publisher *nats.Conn, round string, subs ...*nats.Subscription) {
	for i := 0; i < 500; i++ {
		publish(publisher, "re.a", fmt.Sprintf("%s %d", round, i))
	}
	for _, sub := range subs {
		for i := 0; i < 500; i++ {
			expectNext(sub, "re.a", fmt.Sprintf("%s %d", round, i))
		}
	}
}

func subscriptionsComeBackAfterAKill(s *Session) {
	publisher, publisherEvents := s.connectWatched()
	subscriber, subscriberEvents := s.connectWatched()
	literal, wildcard := subscribe(subscriber, "re.a"), subscribe(subscriber, "re.>")
	worker := queueSubscribe(subscriber, "group.a", "workers")
	limited := subscribe(subscriber, "auto.a")
	must(limited.AutoUnsubscribe(3), "auto-unsubscribe")
	flush(subscriber)
	expectFlow(publisher, "before", literal, wildcard)
	publish(publisher, "auto.a", "0")
	expectNext(limited, "auto.a", "0")

	for kills := 1; kills <= 2; kills++ {
		s.server.Kill()
		await(publisherEvents.disconnected, "the publisher's disconnect")
		await(subscriberEvents.disconnected, "the subscriber's disconnect")
		must(s.server.Start(), "start")
		await(publisherEvents.reconnected, "the publisher's reconnect")
		await(subscriberEvents.reconnected, "the subscriber's reconnect")
		flush(subscriber)

		expectFlow(publisher, fmt.Sprintf("after %d", kills), literal, wildcard)
		publish(publisher, "group.a", "job")
		expectNext(worker, "group.a", "job")
	}

	for i := 1; i < 6; i++ {
		publish(publisher, "auto.a", strconv.Itoa(i))
	}
	expectNext(limited, "auto.a", "1")
	expectNext(limited, "auto.a", "2")
	expectEnd(limited)
}

func whatWasPublishedMeanwhileArrives(s *Session) {
	nc, events := s.connectWatched()
	sub := subscribe(nc, "mean.while")
	flush(nc)

	s.server.Kill()
	await(events.disconnected, "the disconnect")
	for i := 0; i < 100; i++ {
		publish(nc, "mean.while", strconv.Itoa(i))
	}
	must(s.server.Start(), "start")
	await(events.reconnected, "the reconnect")

	for i := 0; i < 100; i++ {
		expectNext(sub, "mean.while", strconv.Itoa(i))
	}
}
