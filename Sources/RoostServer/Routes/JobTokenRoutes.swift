import FoundationEssentials
import NIOCore
import RoostModel
import RoostWire

/// Id tokens with which jobs prove to others who they are.
func addJobTokenRoutes(to table: RouteTable) {
    table.post("\(planTemplate)/jobs/{jobId}/oidctoken", .service(.scope), access: .job(.ownPlan)) { call in
        guard let own = call.job, try call.uuid("jobId") == own.rawValue else {
            throw ControlError.forbidden(what: "ask for another job's id token", needs: "that job's own token")
        }
        let token = try await call.plane.issueIDToken(
            for: own,
            connection: call.query["serviceConnectionId"],
            audience: call.query["audience"],
            by: call.caller
        )
        return try call.answer(JobIDTokenWire(oidcToken: token.exposed))
    }
}
