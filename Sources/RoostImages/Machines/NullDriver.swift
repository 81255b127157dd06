public import RoostLanguage
public import RoostTemplate

/// Makes nothing, so that provisioners of this machine can run.
public struct NullDriver: ImageBuilderDriver {
    public init() {}

    public func refusal(of target: ImageTarget) -> Diagnostic? {
        guard target.settings["communicator"]?.text != "none" else { return nil }
        return .error(
            "image-build.communicator",
            "\(target.name) cannot be built here: the builder \"null\" connects to no machine",
            at: (target.settings["communicator"]?.range ?? target.range)?.span,
            advice: "Write communicator = \"none\", or use packer for it."
        )
    }

    public func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine {
        NoMachine(
            type: target.type,
            artifact: ImageArtifact(
                builderID: "fnoeding.null",
                id: "Null",
                text: "Did not export anything. This is the null builder"
            )
        )
    }
}
