import Foundation
public import RoostLanguage
public import RoostTemplate

/// Removes resource groups that killed builds left in clouds: those of the ledger, and nothing else.
public struct CloudSweep: Sendable {
    /// What became of a group.
    public struct Outcome: Sendable, Hashable {
        public var group: CloudGroup
        public var end: End
    }

    public enum End: Sendable, Hashable {
        case removed
        /// It was not there any more.
        case gone
        /// The cloud is at it.
        case underWay
        /// Nobody who signs in here could see to it.
        case kept(reason: String)
    }

    private let ledger: CloudLedger
    private let groups: any CloudGroups
    private let signIns: [AzureSignIn]

    /// - Parameters:
    ///   - ledger: of the groups.
    ///   - groups: asks clouds.
    ///   - targets: who signs in to build them removes.
    ///   - environment: may say who signs in besides.
    /// - Throws: ``PackerFailure`` when the environment names an account and something of it is missing.
    public init(
        _ ledger: CloudLedger,
        _ groups: any CloudGroups,
        targets: [ImageTarget],
        _ environment: [String: String]
    ) throws {
        self.ledger = ledger
        self.groups = groups
        let account = try AzureAccount(environment)
        // Somebody who signs in, and builds nothing.
        let nobody = ImageTarget(name: "", type: "azure-arm")
        signIns = (targets + (account == nil ? [] : [nobody])).compactMap { target in
            var target = target
            target.settings = account?.filling(target.settings) ?? target.settings
            return AzureSignIn(target, environment: environment)
        }
    }

    /// Sees to every group of a build that is no more.
    public func run(until deadline: ContinuousClock.Instant) async -> [Outcome] {
        var outcomes: [Outcome] = []
        for group in ledger.abandoned() {
            let end = await end(of: group, until: deadline)
            if end == .removed || end == .gone { ledger.strike(group) }
            outcomes.append(Outcome(group: group, end: end))
        }
        return outcomes
    }

    private func end(of group: CloudGroup, until deadline: ContinuousClock.Instant) async -> End {
        guard let subscription = group.subscription else { return .kept(reason: "its subscription is not known") }
        let id = AzureResourceID(subscription: subscription, resourceGroup: group.name)
        let own = { (signIn: AzureSignIn) in signIn.subscription?.lowercased() == subscription.lowercased() }
        let able = signIns.filter(group.isReached)
        var reason = "nobody signs in to its cloud here"
        for signIn in able.filter(own) + able.filter({ !own($0) }) {
            switch await groups.state(of: id, signIn, until: deadline) {
            case .gone: return .gone
            case .unknown(let obstacle): reason = obstacle.reason
            case .there:
                switch await groups.remove(id, signIn, until: deadline) {
                case .gone: return .removed
                case .there: return .underWay
                case .unknown(let obstacle): reason = obstacle.reason
                }
            }
        }
        return .kept(reason: reason)
    }
}

extension CloudSweep.Outcome {
    /// What was done, for a person; nil when nothing was.
    public var said: String? {
        switch end {
        case .removed: "Removed the resource group \(group.name), which a killed build of \(group.target) had left."
        case .gone: nil
        case .underWay:
            "The resource group \(group.name), which a killed build of \(group.target) had left, is being removed."
        case .kept: nil
        }
    }

    /// What a person has to see to.
    public var problem: Diagnostic? {
        guard case .kept(let reason) = end else { return nil }
        let place = [group.cloud, group.subscription.map { "subscription \($0)" }].compactMap(\.self)
        return .error(
            "image-build.left-group",
            "A build of \(group.target), killed after \(group.since.formatted(.iso8601)), may have left the resource group \(group.name) (\(place.joined(separator: ", "))), and it could not be removed: \(reason)",
            advice:
                "Run 'roost image sweep' with an account that may remove it, or '\(group.command)' and then 'roost image sweep --forget \(group.name)'."
        ).asWarning
    }
}
