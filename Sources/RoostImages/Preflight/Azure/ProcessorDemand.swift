import RoostLanguage

/// Processors that a machine takes of what a region has left; machines of one run take them together.
struct ProcessorDemand: Sendable, Hashable {
    var signIn: AzureSignIn
    var subscription: String
    var region: String
    /// Under which they are counted.
    var quota: String
    var processors: Int
    var target: String
    var span: SourceSpan?
}

extension PreflightInquiry {
    /// Whether all machines of a run fit into what is left.
    mutating func check(_ demands: [ProcessorDemand]) {
        var done: Set<ProcessorDemand> = []
        for demand in demands {
            var key = demand
            (key.processors, key.target, key.span) = (0, "", nil)
            guard done.insert(key).inserted else { continue }
            let all = demands.filter {
                $0.signIn == demand.signIn && $0.subscription == demand.subscription && $0.region == demand.region
                    && $0.quota == demand.quota
            }
            check(demand, all)
        }
    }

    private mutating func check(_ demand: ProcessorDemand, _ all: [ProcessorDemand]) {
        let question = PreflightQuestion.azure(
            demand.signIn,
            .quota(subscription: demand.subscription, region: demand.region)
        )
        switch ask(question) {
        case .unknown(let obstacle) where obstacle.kind != .signIn:
            note(obstacle, of: question, isNeeded: false, at: demand.span)
        case .found(.quota(let quota)):
            let wanted = all.reduce(0) { $0 + $1.processors }
            guard let found = quota.first(where: { equalIgnoringCase($0.name, demand.quota) }), found.free < wanted
            else { return }
            let who = all.map(\.target).joined(separator: " and ")
            find(
                PreflightFinding(
                    .error(
                        "preflight.quota",
                        "\(who) takes \(wanted) of \"\(found.title)\" in \(demand.region), and \(found.free) of \(found.limit) are left",
                        at: demand.span,
                        advice:
                            "Choose a smaller \"vm_size\" or one of another family, build with -parallel-builds=1, free what is used, or have the quota raised ('az vm list-usage --location \(demand.region) --output table' shows it)."
                    )
                )
            )
        default: return
        }
    }
}
