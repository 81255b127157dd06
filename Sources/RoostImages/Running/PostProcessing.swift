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
        try Self.fail(failures)
        let needed = Set(kept.flatMap(\.files))
        if keepsOriginal { return [original] + kept }
        remove(original, needed)
        return kept
    }

    /// Runs what is left of chains whose beginnings ran elsewhere; what they begin with stays.
    ///
    /// - Returns: the artifacts that came of them.
    /// - Throws: when one failed; the others have run all the same.
    func run(_ rests: [(steps: [ImageStep], input: ImageArtifact)]) async throws -> [ImageArtifact] {
        var (kept, failures): ([ImageArtifact], [any Error]) = ([], [])
        for rest in rests {
            do { kept += try await run(rest.steps, masked(rest.input)).artifacts } catch {
                try Task.checkCancellation()
                failures.append(error)
            }
        }
        try Self.fail(failures)
        return kept
    }

    /// Who made it may have written a secret into its text, which would be kept for all to read.
    private func masked(_ artifact: ImageArtifact) -> ImageArtifact {
        var artifact = artifact
        (artifact.id, artifact.text) = (build.voice.masked(artifact.id), build.voice.masked(artifact.text))
        return artifact
    }

    private static func fail(_ failures: [any Error]) throws {
        guard !failures.isEmpty else { return }
        let reasons = failures.map { "Post-processor failed: \(ImageBuildFailure.text($0))" }
        throw ImageBuildFailure.setting(reasons.joined(separator: "; "))
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
