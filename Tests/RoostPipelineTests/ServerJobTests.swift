import Foundation
import RoostModel
import RoostPipeline
import Testing

@Suite("Jobs without an agent")
struct ServerJobTests {
    private static let start = Date(timeIntervalSince1970: 1_000_000)

    private func step(_ action: ServerStep.Action, condition: String? = nil, limit: Int = 0) -> ServerStep {
        ServerStep(
            name: "s",
            displayName: "S",
            task: TaskReference(id: "", name: "T", version: "1"),
            action: action,
            condition: condition.map { PlannedText($0) },
            timeoutInMinutes: limit
        )
    }

    private func job(_ steps: [ServerStep], timeout: Int = 60) -> Job {
        var job = Job(
            id: JobID(UUID()),
            run: RunID(1),
            pipeline: PipelineID(1),
            project: ProjectID(UUID()),
            stage: "A",
            name: "B",
            displayName: "B",
            state: .serving,
            startedAt: Self.start,
            timeoutInMinutes: timeout,
            variables: ["go": OutputVariable(value: "yes")]
        )
        job.server = ServerWork(steps: steps)
        return job
    }

    /// Plans at minutes after the start, one after the other.
    private func plan(_ job: Job, at minutes: Double...) -> [[ServerJobDecision]] {
        var job = job
        return minutes.map { minute in
            let plan = planServerJob(job, at: Self.start + minute * 60)
            job.server = plan.work
            return plan.decisions
        }
    }

    @Test("a delay ends with its minutes, and what follows begins then")
    func delay() {
        let job = job([step(.delay(minutes: 5)), step(.delay(minutes: 0))])
        let plans = plan(job, at: 0, 4.9, 5)
        #expect(plans[0] == [.begin(0)] && plans[1].isEmpty)
        #expect(
            plans[2] == [
                .end(0, .succeeded, because: "The delay of 5 minutes is over."), .begin(1),
                .end(1, .succeeded, because: "The delay of 0 minutes is over."), .finish(.succeeded),
            ]
        )
        #expect(planServerJob(job, at: Self.start).nextDeadline == Self.start + 300)
    }

    @Test("a step or a job that takes too long ends")
    func limits() {
        let slow = plan(job([step(.delay(minutes: 9), limit: 2)]), at: 0, 2)
        #expect(
            slow[1] == [.end(0, .failed, because: "The step took longer than its 2 minutes."), .finish(.failed)]
        )
        let late = plan(job([step(.delay(minutes: 90)), step(.delay(minutes: 0))], timeout: 10), at: 0, 9, 10)
        #expect(late[1].isEmpty && late[2] == [.timeOut])
    }

    @Test("a validation nobody answers ends as it says, with its own time or the job's")
    func unanswered() {
        let reject = plan(job([step(.validation(ManualValidation()), limit: 3)]), at: 0, 3)
        #expect(
            reject[1] == [
                .end(0, .failed, because: "Nobody answered in time; it is rejected."), .finish(.failed),
            ]
        )
        let resume = plan(job([step(.validation(ManualValidation(resumesOnTimeout: true)))], timeout: 7), at: 0, 6, 7)
        #expect(resume[1].isEmpty)
        #expect(
            resume[2] == [
                .end(0, .succeeded, because: "Nobody answered in time; it is resumed."), .finish(.succeeded),
            ]
        )
    }

    @Test("steps have conditions, and a failure that may be counts as an issue")
    func conditions() {
        var failing = step(.invalid("wrong"))
        let never = step(.delay(minutes: 0), condition: "eq(variables.go, 'no')")
        let after = step(.delay(minutes: 0))
        let always = step(.delay(minutes: 0), condition: "and(failed(), eq(variables['go'], 'yes'))")
        let broken = step(.delay(minutes: 0), condition: "eq(")
        let plans = plan(job([never, failing, after, always]), at: 0)[0]
        #expect(
            plans == [
                .end(0, .skipped, because: "Its condition does not hold."), .begin(1),
                .end(1, .failed, because: "wrong"), .end(2, .skipped, because: "Its condition does not hold."),
                .begin(3), .end(3, .succeeded, because: "The delay of 0 minutes is over."), .finish(.failed),
            ]
        )
        failing.continueOnError = true
        #expect(plan(job([failing, after]), at: 0)[0].last == .finish(.succeededWithIssues))
        #expect(plan(job([broken]), at: 0)[0].last == .finish(.failed))
    }

    @Test("who may answer is who the step names")
    func approvers() {
        let named = ManualValidation(approvers: ["Ann"], allowsRequester: false)
        #expect(named.refusal(of: "bob", requester: "x") == .notAnApprover(among: ["Ann"]))
        #expect(named.refusal(of: "ann", requester: "ANN") == .askedForTheRun)
        #expect(named.refusal(of: "ann", requester: "bob") == nil)
        #expect(ManualValidation().refusal(of: "bob", requester: "bob") == nil)
    }
}
