/// The hook one job of a deployment carries out.
public struct HookRun: Hashable, Sendable, Codable {
    public var hook: PlannedHook.Kind
    /// The share of the traffic in percent, of a canary deployment.
    public var increment: Int?
    /// The environment's resource it works on.
    public var resource: String?

    public init(_ hook: PlannedHook.Kind, increment: Int? = nil, resource: String? = nil) {
        self.hook = hook
        self.increment = increment
        self.resource = resource
    }
}

extension PlannedHook.Kind {
    /// Whether it follows the deployment, whatever came of it.
    public var isEnd: Bool { self == .onSuccess || self == .onFailure }
}

extension PlannedJob {
    /// The job with the steps of the hook that one of its copies carries out.
    public func carryingOut(_ run: HookRun?) -> PlannedJob {
        guard let run, let hook = deployment?.hooks.first(where: { $0.kind == run.hook }) else { return self }
        var job = self
        job.steps = hook.steps
        return job
    }
}
