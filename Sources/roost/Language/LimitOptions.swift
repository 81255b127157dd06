import ArgumentParser
import RoostLanguage
import RoostPipeline

/// How large a pipeline may become; the defaults are those of the server.
struct LimitOptions: ParsableArguments {
    @Option(help: "Files of one run, the root file among them.")
    var maxFiles = PipelineLimits.default.files

    @Option(help: "Templates that include each other.")
    var maxTemplateDepth = PipelineLimits.default.templateDepth

    @Option(help: "Bytes of one file.")
    var maxFileSize = PipelineLimits.default.yaml.fileBytes

    @Option(help: "Bytes of text of the expanded pipeline.")
    var maxExpandedSize = PipelineLimits.default.expandedBytes

    @Option(help: "Bytes of memory for files and the expanded pipeline, as it is estimated.")
    var maxMemory = PipelineLimits.default.memory

    @Option(help: "Characters of one expression.")
    var maxExpressionLength = PipelineLimits.default.expressions.length

    @Option(help: "Seconds the expansion may take.")
    var maxTime = 20

    @Option(help: "Jobs of one stage.")
    var maxJobs = PipelineLimits.default.jobsPerStage

    func validate() throws {
        let limits = [
            maxFiles, maxTemplateDepth, maxFileSize, maxExpandedSize, maxMemory, maxExpressionLength, maxTime,
        ]
        guard limits.allSatisfy({ $0 > 0 }), maxJobs > 0 else {
            throw ValidationError("A limit is a whole number, 1 or more.")
        }
    }

    var limits: PipelineLimits {
        var limits = PipelineLimits.default
        limits.files = maxFiles
        limits.templateDepth = maxTemplateDepth
        limits.yaml.fileBytes = maxFileSize
        limits.expandedBytes = maxExpandedSize
        limits.memory = maxMemory
        limits.expressions.length = maxExpressionLength
        limits.time = .seconds(maxTime)
        limits.jobsPerStage = maxJobs
        return limits
    }
}
