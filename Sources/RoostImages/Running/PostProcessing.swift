import Foundation
import RoostTemplate

/// Runs the post-processors of a target, chain by chain.
struct PostProcessing: Sendable {
    let build: TargetBuild
    let machine: any ImageMachine
    let running: RunningBuild

    /// - Returns: the artifacts that are kept: that of the builder first.
    /// - Throws: when a post-processor failed; the other chains have run all the same.
    func run(_ original: ImageArtifact) async throws -> [ImageArtifact] {
        let chains = build.target.postProcessors
        var (kept, failures): ([ImageArtifact], [any Error]) = ([], [])
        var keepsOriginal = chains.isEmpty
        for chain in chains {
            do {
                let result = try await run(chain, original)
                kept += result.artifacts
                keepsOriginal = keepsOriginal || result.keepsOriginal
            } catch {
                try Task.checkCancellation()
                failures.append(error)
                // Nothing is taken away that may be the only thing left.
                keepsOriginal = true
            }
        }
        if !failures.isEmpty {
            let reasons = failures.map { "Post-processor failed: \(ImageBuildFailure.text($0))" }
            throw ImageBuildFailure.setting(reasons.joined(separator: "; "))
        }
        let needed = Set(kept.flatMap(\.files))
        if keepsOriginal { return [original] + kept }
        remove(original, needed)
        return kept
    }

    private func run(
        _ chain: [ImageStep],
        _ original: ImageArtifact
    ) async throws -> (artifacts: [ImageArtifact], keepsOriginal: Bool) {
        var (prior, kept, keepsOriginal): (ImageArtifact, [ImageArtifact], Bool) = (original, [], false)
        for (place, step) in chain.enumerated() {
            try Task.checkCancellation()
            let result = try await process(step, prior)
            let keeps = result.mustKeepInput || (step.keepsInputArtifact ?? result.keepsInput)
            if place == 0 {
                keepsOriginal = keeps
            } else if keeps {
                kept.append(prior)
            } else {
                remove(prior, Set((kept + [result.artifact, original]).flatMap(\.files)))
            }
            prior = result.artifact
        }
        return (kept + [prior], keepsOriginal)
    }

    private func process(_ step: ImageStep, _ artifact: ImageArtifact) async throws -> PostProcessed {
        guard let processor = build.runner.components.postProcessors[step.type] else {
            throw ImageBuildFailure.setting("Nobody here runs post-processors of type \"\(step.type)\".")
        }
        let name = step.name.map { "\($0) (type \(step.type))" } ?? step.type
        build.voice.say(.step("Running post-processor: \(name)"))
        return try await processor.process(artifact, build.work(step, .postProcessor, machine, running))
    }

    private func remove(_ artifact: ImageArtifact, _ needed: Set<String>) {
        for file in artifact.files where !needed.contains(file) {
            try? FileManager.default.removeItem(atPath: build.context().path(file))
        }
    }
}
