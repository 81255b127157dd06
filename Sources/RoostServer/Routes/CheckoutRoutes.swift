import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// How checkouts went: told by jobs, read by people.
func addCheckoutRoutes(to table: RouteTable) {
    table.post("roost/runs/{buildId}/checkouts", access: .job(.ownRun)) { call in
        let told = try await call.decode(CheckoutReportWire.self)
        let run = try await call.run().run
        guard let job = call.job else {
            throw ControlError.forbidden(what: "tell of a checkout", needs: "a job's token")
        }
        try await call.plane.noteCheckout(Checkout(told, job: job, of: run, at: Date()))
        return call.nothing
    }
    table.get("roost/checkouts", access: .scope(.build)) { call in
        let checkouts = try await call.plane.checkouts(
            run: call.query.number("buildId").map { RunID($0) },
            repository: call.query["repository"],
            limit: call.query.number("$top") ?? 100
        )
        return try call.list(checkouts.map { CheckoutReportWire($0) })
    }
}

extension Checkout {
    /// What a job told; texts are cut, numbers are not below zero.
    init(_ wire: CheckoutReportWire, job: JobID, of run: Run, at now: Date) {
        func cut(_ text: String) -> String { String(text.prefix(1000)) }
        self.init(
            run: run.id,
            pipeline: run.pipelineName,
            job: job,
            agent: cut(wire.agentName ?? ""),
            alias: cut(wire.alias),
            repository: cut(wire.repository),
            url: cut(wire.url),
            commit: cut(wire.commit),
            source: cut(wire.source),
            reason: cut(wire.reason),
            bytes: max(0, wire.bytes),
            times: Times(
                prepare: max(0, wire.prepare),
                negotiate: max(0, wire.negotiate),
                transfer: max(0, wire.transfer),
                resolve: max(0, wire.resolve),
                write: max(0, wire.write)
            ),
            at: now
        )
    }
}

extension CheckoutReportWire {
    init(_ checkout: Checkout) {
        self.init(
            jobId: checkout.job.rawValue,
            agentName: checkout.agent,
            alias: checkout.alias,
            repository: checkout.repository,
            url: checkout.url,
            commit: checkout.commit,
            source: checkout.source,
            reason: checkout.reason,
            bytes: checkout.bytes,
            prepare: checkout.times.prepare,
            negotiate: checkout.times.negotiate,
            transfer: checkout.times.transfer,
            resolve: checkout.times.resolve,
            write: checkout.times.write
        )
        buildId = checkout.run.rawValue
        pipeline = checkout.pipeline
        finishedOn = checkout.at
    }
}
