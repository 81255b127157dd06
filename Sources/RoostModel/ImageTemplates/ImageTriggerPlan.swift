/// What a trigger of a template comes to.
public struct ImageTriggerDecision: Hashable, Sendable {
    /// The key of the template.
    public var template: String
    /// The version that the build begins with.
    public var version: ImageVersionNumber
    /// For people, such as `the latest version of /galleries/g/images/d is 1.0.3, it was 1.0.2`.
    public var reason: String

    public init(template: String, version: ImageVersionNumber, reason: String) {
        self.template = template
        self.version = version
        self.reason = reason
    }
}

/// Which templates are to be built because the image they begin with has moved on.
///
/// A template that is being built is asked again when that has ended. When the latest version is taken back, nothing is built: what was
/// made of it is the business of a revocation.
///
/// - Parameters:
///   - templates: all there are.
///   - latest: the version that a source resolves to now; nil for none.
/// - Returns: decisions in the order of the names.
public func planImageTriggers(
    _ templates: some Sequence<ManagedImageTemplate>,
    latest: (ImageTemplateSource) -> ImageVersionNumber?
) -> [ImageTriggerDecision] {
    templates.sorted { $0.key < $1.key }.compactMap { template in
        guard let trigger = template.trigger, let source = template.source, template.lastRun?.isActive != true,
            let now = latest(source), trigger.seen.map({ now > $0 }) ?? true
        else { return nil }
        let before = trigger.seen.map { ", it was \($0)" } ?? ""
        return ImageTriggerDecision(
            template: template.key,
            version: now,
            reason: "the version '\(source.version)' of \(source.key) is \(now)\(before)"
        )
    }
}
