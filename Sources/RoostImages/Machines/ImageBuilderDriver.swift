public import RoostLanguage
public import RoostTemplate

/// Makes the machines of one type of builder.
///
/// `start` may be called for several targets at once. What it has made when it throws, it takes away itself.
public protocol ImageBuilderDriver: Sendable {
    /// Why a target cannot be built, as far as that can be told before anything is started.
    func refusal(of target: ImageTarget) -> Diagnostic?

    /// Makes the machine of a target, ready for provisioners.
    func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine
}

extension ImageBuilderDriver {
    public func refusal(of target: ImageTarget) -> Diagnostic? { nil }
}
