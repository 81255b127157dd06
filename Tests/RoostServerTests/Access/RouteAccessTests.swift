import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Who may use a route")
struct RouteAccessTests {
    private static let plan = PlanID(UUID())
    private static let agent = Principal.agent(AgentID(7), pool: PoolID(3))
    private static let job = Principal.job(JobID(UUID()), run: RunID(17), plan: plan, project: ProjectID(UUID()))

    private func user(_ scopes: TokenScope...) -> Principal { .user(name: "ada", scopes: Set(scopes)) }
    private func isAllowed(_ principal: Principal?, _ access: RouteAccess, _ parameters: [String: String] = [:]) -> Bool
    {
        access.refusal(of: principal, parameter: { parameters[$0].map { $0[...] } }) == nil
    }

    @Test("without a credential only anonymous routes answer")
    func noCredential() {
        #expect(isAllowed(nil, .anonymous))
        #expect(RouteAccess.anyone.refusal(of: nil, parameter: { _ in nil }) == .unauthenticated(.missing))
    }

    @Test("a scope is granted by itself, by a wider one and by all")
    func scopes() {
        #expect(isAllowed(user(.build), .scope(.build)))
        #expect(isAllowed(user(.buildExecute), .scope(.build)))
        #expect(isAllowed(user(.full), .scope(.tokensManage)))
        #expect(!isAllowed(user(.build), .scope(.buildExecute)))
        #expect(!isAllowed(user(.agentPoolsManage), .scope(.build)))
        #expect(isAllowed(user(.project), .scope(.build, .project)))
    }

    @Test("a token that lacks a scope is told which")
    func missingScope() {
        let refusal = RouteAccess.scope(.buildExecute).refusal(of: user(.build), parameter: { _ in nil })
        #expect(
            refusal?.summary
                == "The credential is valid but may not do this: it needs a token with the scope 'vso.build_execute'."
        )
    }

    @Test("a listener reaches its own pool and agent and nothing else")
    func listener() {
        let access = RouteAccess.scope(.agentPools).or(.listener(.ownAgent))
        #expect(isAllowed(Self.agent, access, ["poolId": "3", "agentId": "7"]))
        #expect(!isAllowed(Self.agent, access, ["poolId": "3", "agentId": "8"]))
        #expect(!isAllowed(Self.agent, access, ["poolId": "4", "agentId": "7"]))
        #expect(!isAllowed(Self.agent, access))
        #expect(!isAllowed(Self.agent, .scope(.agentPools), ["poolId": "3", "agentId": "7"]))
        #expect(isAllowed(Self.agent, .listener(.ownPool), ["poolId": "3"]))
        #expect(!isAllowed(Self.agent, .job(.any)))
    }

    @Test("a job reaches its own plan and run and nothing else")
    func job() {
        #expect(isAllowed(Self.job, .job(.ownPlan), ["planId": Self.plan.description.uppercased()]))
        #expect(!isAllowed(Self.job, .job(.ownPlan), ["planId": UUID().uuidString]))
        #expect(isAllowed(Self.job, .scope(.build).or(.job(.ownRun)), ["buildId": "17"]))
        #expect(!isAllowed(Self.job, .scope(.build).or(.job(.ownRun)), ["buildId": "18"]))
        #expect(!isAllowed(Self.job, .scope(.build)))
        #expect(!isAllowed(Self.job, .listener(.any)))
    }

    @Test("a person's token is no listener's")
    func personOnListenerRoute() {
        #expect(!isAllowed(user(.full), .listener(.ownPool), ["poolId": "3"]))
    }
}
