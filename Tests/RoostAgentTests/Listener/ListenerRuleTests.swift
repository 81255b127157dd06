import FoundationEssentials
import RoostClient
import RoostModel
import Testing

@testable import RoostAgent

@Suite("What a listener does next")
struct ListenerStateTests {
    static let first = JobID(UUID())
    static let second = JobID(UUID())

    @Test("a job is started once, however often its message is given")
    func once() {
        var state = ListenerState(takesOne: false)
        #expect(state.apply(.job(Self.first, message: 1)) == [.start(Self.first, message: 1)])
        #expect(state.apply(.job(Self.first, message: 1)) == [.acknowledge(1)])
        #expect(state.apply(.jobEnded(Self.first)) == [])
        #expect(state.apply(.job(Self.first, message: 4)) == [.acknowledge(4)])
        #expect(!state.holds(Self.first))
    }

    @Test("a second job waits for the worker of the first, and is not acknowledged before")
    func second() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.job(Self.second, message: 2)) == [.askForCurrent])
        #expect(state.apply(.job(Self.second, message: 2)) == [])
        #expect(state.apply(.jobEnded(Self.first)) == [.start(Self.second, message: 2)])
    }

    @Test("a job that is canceled while it waits is never started")
    func canceledWaiting() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        _ = state.apply(.job(Self.second, message: 2))
        #expect(state.apply(.cancel(Self.second, message: 3)) == [.acknowledge(2), .acknowledge(3)])
        #expect(state.apply(.cancel(Self.first, message: 4)) == [.cancelCurrent(message: 4), .acknowledge(4)])
        #expect(state.apply(.jobEnded(Self.first)) == [])
    }

    @Test("a stop lets the running job finish, a second one ends it, and no other job is taken")
    func stop() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.stopRequested) == [.startGrace])
        #expect(state.apply(.job(Self.second, message: 2)) == [])
        #expect(state.apply(.cancel(Self.first, message: 3)) == [.cancelCurrent(message: 3), .acknowledge(3)])
        #expect(state.apply(.stopRequested) == [.shutDownCurrent])
        #expect(state.apply(.jobEnded(Self.first)) == [.exit(.success)])
        var idle = ListenerState(takesOne: false)
        #expect(idle.apply(.stopRequested) == [.exit(.success)])
    }

    @Test("a version that is ready takes over after the job, unless it is not wanted any more by then")
    func update() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.updateReady) == [])
        #expect(state.apply(.updateDropped) == [])
        #expect(state.apply(.jobEnded(Self.first)) == [])
        #expect(state.apply(.job(Self.second, message: 2)) == [.start(Self.second, message: 2)])
        #expect(state.apply(.updateReady) == [])
        // What came while no job was taken has to come again.
        let third = JobID(UUID())
        #expect(state.apply(.job(third, message: 3)) == [])
        #expect(state.apply(.updateDropped) == [.reopen])
        #expect(state.apply(.updateDropped) == [])
        #expect(state.apply(.updateReady) == [])
        #expect(state.apply(.jobEnded(Self.second)) == [.exit(.updating)])
        var stopped = ListenerState(takesOne: false)
        _ = stopped.apply(.job(Self.first, message: 1))
        _ = stopped.apply(.updateReady)
        _ = stopped.apply(.stopRequested)
        #expect(stopped.apply(.updateDropped) == [], "the stop stands")
        #expect(stopped.apply(.jobEnded(Self.first)) == [.exit(.success)])
    }

    @Test("the end of grace and of the registration spare a job that runs")
    func grace() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.sessionEnded(.success)) == [])
        #expect(state.apply(.stopRequested) == [.startGrace])
        #expect(state.apply(.graceOver) == [.shutDownCurrent])
        #expect(state.apply(.jobEnded(Self.first)) == [.exit(.success)])
        var idle = ListenerState(takesOne: false)
        #expect(idle.apply(.sessionEnded(.terminated)) == [.exit(.terminated)])
    }

    @Test("with --once the first job is the last")
    func takesOne() {
        var state = ListenerState(takesOne: true)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.job(Self.second, message: 2)) == [])
        #expect(state.apply(.stopRequested) == [.startGrace])
        #expect(state.apply(.jobEnded(Self.first)) == [.exit(.success)])
    }

    @Test("new capabilities wait for the end of a job where they need a new session")
    func rescan() {
        var state = ListenerState(takesOne: false)
        _ = state.apply(.job(Self.first, message: 1))
        #expect(state.apply(.capabilitiesChanged) == [.rescan])
        state.tellsCapabilitiesAnyTime = false
        #expect(state.apply(.capabilitiesChanged) == [])
        #expect(state.apply(.jobEnded(Self.first)) == [.rescan])
        #expect(state.apply(.capabilitiesChanged) == [.rescan])
    }
}

@Suite("Rules of a listener")
struct ListenerRuleTests {
    static func course(
        _ failures: Int = 1,
        _ elapsed: Duration = .zero,
        had: Bool = false,
        skips: Bool = false
    ) -> SessionRule.Course {
        SessionRule.Course(failures: failures, elapsed: elapsed, hadSession: had, skipsRecovery: skips, jitter: 1)
    }

    @Test("a password that the proxy refuses is tried once a minute, which locks no account at once")
    func refusedPassword() {
        #expect(SessionRule.afterOpening(.proxyRefuses("x"), Self.course()) == .retry(after: .seconds(60)))
        #expect(SessionRule.afterPolling(.proxyRefuses("x"), Self.course(9)) == .retry(after: .seconds(60)))
    }

    @Test("a registration that is gone ends a listener without restart, at its first start with an error")
    func gone() {
        #expect(SessionRule.afterOpening(.registrationGone("x"), Self.course()) == .end(.terminated, "x"))
        #expect(SessionRule.afterOpening(.registrationGone("x"), Self.course(had: true)) == .end(.success, "x"))
        #expect(SessionRule.afterPolling(.registrationGone("x"), Self.course(had: true)) == .end(.success, "x"))
        #expect(SessionRule.afterPolling(.accessDenied("x"), Self.course(had: true)) == .end(.terminated, "x"))
    }

    @Test("another listener's session is waited for four minutes, a wrong clock half an hour")
    func patience() {
        #expect(SessionRule.afterOpening(.sessionConflict("x"), Self.course()) == .retry(after: .seconds(2)))
        #expect(SessionRule.afterOpening(.sessionConflict("x"), Self.course(9)) == .retry(after: .seconds(10)))
        #expect(
            SessionRule.afterOpening(.sessionConflict("x"), Self.course(9, .seconds(240))) == .end(.terminated, "x")
        )
        #expect(
            SessionRule.afterOpening(.clockSkew("x"), Self.course(9, .seconds(1799))) == .retry(after: .seconds(10))
        )
        #expect(SessionRule.afterOpening(.clockSkew("x"), Self.course(9, .seconds(1800))) == .end(.terminated, "x"))
    }

    @Test("a server that is away is asked for ever, at growing pauses")
    func away() {
        let pauses = (1...10).map { SessionRule.afterPolling(.passing("x"), Self.course($0, .seconds(86_400))) }
        #expect(pauses.first == .retry(after: .milliseconds(250)))
        #expect(pauses[3] == .retry(after: .seconds(2)))
        #expect(pauses.last == .retry(after: .seconds(10)))
        #expect(SessionRule.afterPolling(.sessionExpired, Self.course()) == .renew)
        #expect(
            SessionRule.afterPolling(.sessionExpired, Self.course(skips: true))
                == .end(.terminated, "The session has ended.")
        )
    }

    @Test("a server that does not hold an empty poll is not asked again at once")
    func emptyPolls() {
        #expect(SessionRule.pause(afterEmptyPollOf: .seconds(50), jitter: 1) == .zero)
        #expect(SessionRule.pause(afterEmptyPollOf: .milliseconds(3), jitter: 0.5) == .seconds(3))
    }

    @Test("refusals of the server are told apart by their keys")
    func troubles() {
        let unauthorized = { (text: String) in ServerTrouble(.unauthorized(url: "u", reason: text)) }
        #expect(
            unauthorized("The client is not registered here.")
                == .registrationGone("The client is not registered here.")
        )
        let skew = "The bearer token expired on X. Current server time is Y."
        #expect(unauthorized(skew) == .clockSkew(skew))
        #expect(ServerTrouble(.timedOut(url: "u")) == .passing("The server did not answer in time."))
    }

    @Test("a job's calls are made again for as long as a server may take to start anew")
    func calls() {
        func patience(_ jitter: Double) -> Duration {
            (1...ServerConnection.retries).reduce(.zero) { $0 + RetryPolicy.delay(attempt: $1, jitter: jitter) }
        }
        #expect(patience(0) >= .seconds(50) && patience(1) <= .seconds(120))
    }

    @Test("a lease is renewed at a third of its length, and given up five minutes after its end")
    func lease() {
        let now = Date(timeIntervalSince1970: 1000)
        #expect(LeaseRule.length(until: now.addingTimeInterval(30), at: now) == .seconds(30))
        #expect(LeaseRule.length(until: nil, at: now) == LeaseRule.assumed)
        #expect(LeaseRule.length(until: now.addingTimeInterval(-5), at: now) == LeaseRule.assumed)
        #expect(LeaseRule.interval(lease: .seconds(300)) == .seconds(60))
        #expect(LeaseRule.firstPause(failures: 1, jitter: 1) == .milliseconds(250))
        #expect(LeaseRule.firstPause(failures: 100, jitter: 1) == .seconds(5))
        #expect(LeaseRule.interval(lease: .seconds(30)) == .seconds(10))
        #expect(LeaseRule.pause(failures: 1, lease: .seconds(300), jitter: 0) == .seconds(5))
        #expect(LeaseRule.pause(failures: 6, lease: .seconds(300), jitter: 1) == .seconds(30))
        #expect(LeaseRule.pause(failures: 1, lease: .seconds(6), jitter: 1) == .seconds(1))
        #expect(!LeaseRule.isLost(sinceRenewal: .seconds(599), lease: .seconds(300)))
        #expect(LeaseRule.isLost(sinceRenewal: .seconds(600), lease: .seconds(300)))
    }

    @Test("after a cancel the worker is warned fifteen seconds before the end, and killed a minute after it")
    func cancelClock() {
        #expect(CancelClock(timeout: .seconds(300)).flush == .seconds(285))
        #expect(CancelClock(timeout: .seconds(300)).kill == .seconds(360))
        #expect(CancelClock(timeout: .seconds(5)).kill == .seconds(120))
    }
}
