import Foundation
import RoostTemplate

/// A root file system whose image is put where a template of Image Builder distributes it.
struct AzureImageBuilderMachine: ImageMachine {
    private let machine: RootfsMachine
    private let target: ImageTarget
    /// Of versions that are published, by the names of their outputs.
    private let numbers: [String: String]
    private let context: BuildContext

    init(_ machine: RootfsMachine, _ target: ImageTarget, numbers: [String: String], context: BuildContext) {
        self.machine = machine
        self.target = target
        self.numbers = numbers
        self.context = context
    }

    var facts: [String: String] { machine.facts }

    func run(_ command: MachineCommand, output: @escaping @Sendable (MachineOutput) -> Void) async throws -> Int32 {
        try await machine.run(command, output: output)
    }

    func upload(_ source: FileSource, to path: String) async throws { try await machine.upload(source, to: path) }

    func download(_ path: String, to folder: String) async throws { try await machine.download(path, to: folder) }

    func step(_ key: StepKey, _ body: () async throws -> Void) async throws -> StepOutcome {
        try await machine.step(key, body)
    }

    func trial(_ body: () async throws -> Void) async throws { try await machine.trial(body) }

    /// Captures the image and distributes it; one place that fails keeps none of the others from getting it.
    func finish() async throws -> ImageArtifact {
        guard !TemplateRules(target).validatesSourceOnly else {
            await machine.discard()
            return ImageArtifact(builderID: Self.builderID, id: target.name, text: "The source was validated")
        }
        context.report(.phase(.distributing))
        let image = try await machine.written()
        let publisher = try await publisher()
        var outputs: [ImageBuildOutput] = []
        for destination in target.destinations ?? [] {
            let output = try await distribute(image, destination, publisher)
            context.report(.output(output))
            outputs.append(output)
        }
        await machine.discard()
        let failed = outputs.filter { $0.place == nil }
        guard failed.isEmpty else { throw ImageDistributionFailure(failed: failed, count: outputs.count) }
        return artifact(image, outputs)
    }

    func discard() async { await machine.discard() }

    private static let builderID = "roost.image-builder"

    /// What goes into galleries is looked through first; nil when nothing does.
    private func publisher() async throws -> RootfsPublication? {
        guard !numbers.isEmpty else { return nil }
        return RootfsPublication(
            build: machine.build,
            layers: machine.layers,
            inspection: try await machine.inspection()
        )
    }

    private func distribute(
        _ image: ImageArtifact,
        _ destination: ImageDestination,
        _ publisher: RootfsPublication?
    ) async throws -> ImageBuildOutput {
        guard let distribution = ImageDistribution(destination) else {
            return ImageBuildOutput(name: destination.name, kind: "", problem: "nothing here stores it")
        }
        context.say(.step("Distributing \(destination.name): \(distribution.title)"))
        var output = ImageBuildOutput(name: destination.name, kind: distribution.kind)
        do {
            switch distribution {
            case .file(let name):
                output.place = try FileDistribution(name: name).store(machine.build.output, context)
                output.digest = String(image.id.drop { $0 != ":" }.dropFirst())
            case .disk(let name):
                let disk = try await FileDistribution(name: name).storeDisk(of: machine, target, context)
                (output.place, output.digest) = (disk.path, disk.digest)
            case .gallery(let publication):
                guard let publisher, let number = numbers[destination.name] else {
                    throw GalleryFailure.noServer(image: publication.image.image)
                }
                let version = try await publisher.publish(image, as: publication, number: number, destination.tags)
                output.place = version.id
                output.digest = version.contentHash
            }
        } catch {
            try Task.checkCancellation()
            output.problem = ImageBuildFailure.text(error)
            context.say(.error("\(destination.name) could not be distributed: \(ImageBuildFailure.text(error))"))
        }
        return output
    }

    private func artifact(_ image: ImageArtifact, _ outputs: [ImageBuildOutput]) -> ImageArtifact {
        let lines = outputs.map { "\($0.name): \($0.place ?? "")" }
        return ImageArtifact(
            builderID: Self.builderID,
            id: image.id,
            text: "Image of \(target.name) (\(image.id)): \(lines.joined(separator: ", "))",
            files: outputs.filter { $0.kind != "SharedImage" }.compactMap(\.place)
        )
    }
}
