import ArgumentParser

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Make, show and change pipelines.",
        discussion: """
            A pipeline is a YAML file in a git repository, and settings.

            Example:
              roost pipeline create app --repository https://git.example.org/app.git
            """,
        subcommands: [
            PipelineCreate.self,
            PipelineList.self,
            PipelineShow.self,
            PipelineEnable.self,
            PipelineDisable.self,
            PipelineDelete.self,
            PipelineShowTriggers.self,
            PipelineSetTriggers.self,
            PipelinePoll.self,
            PipelineApproveRequest.self,
            PipelineDeclineRequest.self,
        ]
    )
}
