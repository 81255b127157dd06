import Foundation
import RoostLanguage
import RoostTemplate
import RoostTesting
import Synchronization

@testable import RoostImages

/// Builds templates in a ground, as the command does.
final class ImageBuilderBuild: Sendable {
    private let ground: RootfsGround
    private let events = Mutex<[ImageBuildEvent]>([])

    init(_ ground: RootfsGround) { self.ground = ground }

    /// A template whose source is the ground's base.
    func template(customize: [String], validate: String? = nil, outputs: [String], offer: String = "offer") -> String {
        let group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images"
        let distribute = outputs.map {
            #"{"type": "ManagedImage", "imageId": "\#(group)/\#($0)", "location": "west", "runOutputName": "\#($0)"}"#
        }
        let validation = validate.map { ", \"validate\": \($0)" } ?? ""
        return """
            {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "t", "location": "west",
             "identity": {"type": "None"},
             "properties": {"source": {"type": "PlatformImage", "publisher": "maker", "offer": "\(offer)", "sku": "sku"},
             "customize": [\(customize.joined(separator: ", "))]\(validation),
             "distribute": [\(distribute.joined(separator: ", "))]}}
            """
    }

    func run(_ text: String, name: String = "t.json", isForced: Bool = false) async throws -> ImageBuildResult {
        events.withLock { $0 = [] }
        let runner = try runner(text, name, isForced)
        guard runner.refusals.isEmpty else { throw UnreadableTemplate(problems: runner.refusals.map(\.summary)) }
        let results = await runner.run { event in self.events.withLock { $0.append(event) } }
        guard let result = results.first else { throw UnreadableTemplate(problems: ["no target"]) }
        return result
    }

    func refusals(_ text: String) throws -> [Diagnostic] { try runner(text, "t.json", false).refusals }

    private func runner(_ text: String, _ name: String, _ isForced: Bool) throws -> ImageBuildRunner {
        let input = ImageTemplateInput(
            path: name,
            text: Array(text.utf8),
            workingFolder: ground.path,
            now: Date()
        )
        let reading = ImageTemplate.read(input).reading
        // A template without outputs is wrong, and what is tried here comes after that.
        let problems = reading.diagnostics.filter { $0.isError && !text.contains("\"distribute\": []") }
        guard problems.isEmpty else { throw UnreadableTemplate(problems: problems.map(\.summary)) }
        let rootfs = RootfsDriver(cacheFolder: ground.cache)
        let bases = try ImageBases(
            Data(#"{"Maker:offer:sku": "base"}"#.utf8),
            folder: ground.path,
            path: "bases.json"
        )
        var components = ImageComponents.standard
        components.drivers[RootfsDriver.type] = rootfs
        components.drivers[AzureImageBuilderDriver.type] = AzureImageBuilderDriver(rootfs, bases: bases)
        return ImageBuildRunner(
            reading.plan,
            options: ImageBuildOptions(isForced: isForced),
            components: components,
            runID: "run-1",
            workingFolder: ground.path,
            templateFolder: ground.path,
            environment: ["PATH": "/usr/bin:/bin"],
            now: Date()
        )
    }

    // MARK: What was said

    private var progress: [ImageBuildProgress] {
        events.withLock { $0 }.compactMap { if case .progress(let progress) = $0.kind { progress } else { nil } }
    }

    var phases: [ImageBuildPhase] {
        progress.compactMap { if case .phase(let phase) = $0 { phase } else { nil } }
    }

    var steps: [String] {
        progress.compactMap { progress in
            guard case .stepEnded(let report) = progress else { return nil }
            return "\(report.title) \(report.outcome.rawValue)"
        }
    }

    var outputs: [String] {
        progress.compactMap { progress in
            guard case .output(let output) = progress else { return nil }
            return output.place == nil ? "\(output.name) failed" : output.name
        }
    }

    var said: [String] {
        let lines = SaidLines()
        for event in events.withLock({ $0 }) { lines.add(event) }
        return lines.lines.withLock { $0 }
    }
}
