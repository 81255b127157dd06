import RoostPipeline

/// A name that expressions begin with.
struct ExpressionContext: Hashable, Sendable {
    let name: String
    let uses: Set<ExpressionScan.Kind>
    let documentation: String

    static let all = [
        ExpressionContext(
            name: "variables",
            uses: [.compileTime, .runTime, .condition],
            documentation: "Variables by name: those of the file and some predefined ones in ${{ }}, all of them later."
        ),
        ExpressionContext(
            name: "parameters",
            uses: [.compileTime],
            documentation: "The parameters that this file declares."
        ),
        ExpressionContext(
            name: "dependencies",
            uses: [.runTime, .condition],
            documentation:
                "What was waited for, with 'result' and 'outputs': jobs of the same stage, or stages in a stage's condition."
        ),
        ExpressionContext(
            name: "stageDependencies",
            uses: [.runTime, .condition],
            documentation: "Jobs of stages that ended before: stageDependencies.Stage.Job.outputs['step.name']."
        ),
        ExpressionContext(
            name: "resources",
            uses: [.compileTime, .runTime],
            documentation: "The resources of the run, such as resources.repositories.self.ref."
        ),
        ExpressionContext(
            name: "pipeline",
            uses: [.compileTime, .runTime, .condition],
            documentation: "The run itself: pipeline.startTime."
        ),
    ]

    static func named(_ name: String) -> ExpressionContext? { all.first { $0.name.lowercased() == name.lowercased() } }
}

extension FunctionDocumentation {
    func mayStand(in kind: ExpressionScan.Kind) -> Bool {
        switch use {
        case .everywhere: true
        case .compileTime: kind == .compileTime
        case .conditions: kind == .condition
        case .variables: kind == .runTime
        }
    }
}
