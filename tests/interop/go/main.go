// The Go library against the server named by GNATSD.
package main

import (
	"os"
	"runtime"

	"github.com/nats-io/nats.go"
)

type check struct {
	name string
	body func(*Session)
}

var checks = []check{
	{"publish: content and reply arrive unchanged", contentAndReplyArriveUnchanged},
	{"publish: 20,000 messages keep their order", manyMessagesKeepTheirOrder},
	{"wildcards: whole tokens match", wildcardsMatchWholeTokens},
	{"subscribe: overlapping subscriptions each get a copy", overlappingSubscriptionsEachGetACopy},
	{"unsubscribe: nothing comes after it", unsubscribedGetsNothing},
	{"auto-unsubscribe: ends after exactly max", autoUnsubscribeEndsAfterExactlyMax},
	{"auto-unsubscribe: counts what was delivered", autoUnsubscribeCountsWhatWasDelivered},
	{"echo: off keeps own messages away", noEchoKeepsOwnMessagesAway},
	{"connect: verbose and pedantic", verboseAndPedanticWorks},
	{"flush: answered after what was sent", flushIsAnsweredAfterWhatWasSent},
	{"headers: arrive with all values", headersArriveWithAllValues},
	{"request: gets its reply, both styles", requestGetsItsReply},
	{"request: 16 at a time get their own replies", concurrentRequestsGetTheirOwnReplies},
	{"request: carries headers both ways", requestCarriesHeadersBothWays},
	{"no responders: told at once, both styles", noRespondersIsToldAtOnce},
	{"no responders: a status message in the inbox", noRespondersIsAStatusMessage},
	{"queue: each message reaches one member of each group", eachMessageReachesOneMember},
	{"drain: a subscription gets all sent before", drainedSubscriptionGetsAllSentBefore},
	{"drain: a connection answers and closes", drainedConnectionAnswersAndCloses},
	{"max payload: the largest arrives", largestPayloadArrives},
	{"max payload: the library holds back more", libraryHoldsBackTooLarge},
	{"max payload: the server refuses more and closes", serverRefusesTooLarge},
	{"reconnect: subscriptions come back after a kill", subscriptionsComeBackAfterAKill},
	{"reconnect: what was published meanwhile arrives", whatWasPublishedMeanwhileArrives},
}

func main() {
	// The server dies with the thread that started it, which has to be one that stays.
	runtime.LockOSThread()
	report := &Report{}
	runChecks(report, "", nil, checks)
	checkTLS(report)
	os.Exit(report.finish())
}

// runChecks starts a server with this configuration and closes it after the checks; their
// connections are made with the options.
func runChecks(report *Report, configuration string, options []nats.Option, checks []check) {
	server, err := newServer(configuration)
	if err != nil {
		report.run("the server starts", func() { must(err, "start") })
		return
	}
	defer server.Close()
	for _, check := range checks {
		session := &Session{server: server, options: options}
		report.run(check.name, func() {
			defer session.close()
			check.body(session)
		})
	}
}
