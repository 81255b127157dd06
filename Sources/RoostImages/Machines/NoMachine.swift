import Foundation

/// Stands where a builder makes no machine; nothing can be run or stored in it.
struct NoMachine: ImageMachine {
    let type: String
    let artifact: ImageArtifact

    var facts: [String: String] { ["ConnType": "none"] }

    func run(_ command: MachineCommand, output: @escaping @Sendable (MachineOutput) -> Void) async throws -> Int32 {
        throw ImageBuildFailure.noMachine(type: type)
    }

    func upload(_ source: FileSource, to path: String) async throws { throw ImageBuildFailure.noMachine(type: type) }

    func download(_ path: String, to folder: String) async throws { throw ImageBuildFailure.noMachine(type: type) }

    func step(_ key: StepKey, _ body: () async throws -> Void) async throws -> StepOutcome {
        try await body()
        return .done
    }

    func finish() async throws -> ImageArtifact { artifact }

    func discard() async {}
}
