public import RoostModel

/// An image was built, and not everybody who should have it got it.
public struct ImageDistributionFailure: UserFacingError, Hashable {
    public var failed: [ImageBuildOutput]
    /// Of all places.
    public var count: Int

    /// Whether somebody got it.
    public var isPartial: Bool { failed.count < count }

    public var code: String { "image-build.distribution" }

    public var summary: String {
        let reasons = failed.map { "\($0.name): \($0.problem ?? "no reason is known")" }
        return "\(failed.count) of \(count) distributions failed: \(reasons.joined(separator: "; "))"
    }

    public var advice: String? { nil }
}
