/// What a place in a pipeline holds, as far as the expansion of templates has to know.
enum Shape: Hashable {
    case root
    case stages, stage
    case jobs, job
    case steps, step
    case variables, variable
    /// A deployment's strategy and the hooks in it, which hold steps.
    case strategy
    case data
    /// Never evaluated: what is read before a run exists, and what declares parameters.
    case literal

    /// The shape of a key's value.
    func child(_ key: String) -> Shape {
        switch self {
        case .root: Self.rootChild(key)
        case .stage: key == "jobs" ? .jobs : (key == "variables" ? .variables : .data)
        case .job:
            switch key {
            case "steps": .steps
            case "variables": .variables
            case "strategy": .strategy
            default: .data
            }
        case .strategy: Self.strategyChild(key)
        case .stages, .jobs, .steps, .step, .variables, .variable, .data: .data
        case .literal: .literal
        }
    }

    private static func rootChild(_ key: String) -> Shape {
        switch key {
        case "stages": .stages
        case "jobs", "phases": .jobs
        case "steps": .steps
        case "variables": .variables
        case "trigger", "pr", "schedules", "parameters": .literal
        default: .data
        }
    }

    private static func strategyChild(_ key: String) -> Shape {
        switch key {
        case "steps": .steps
        case "runOnce", "rolling", "canary", "preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on", "success",
            "failure":
            .strategy
        default: .data
        }
    }

    /// The shape of a list's items.
    var item: Shape {
        switch self {
        case .stages: .stage
        case .jobs: .job
        case .steps: .step
        case .variables: .variable
        case .literal: .literal
        case .root, .stage, .job, .step, .variable, .strategy, .data: .data
        }
    }

    /// Whether variables defined inside are seen inside only.
    var hasOwnVariables: Bool { self == .stage || self == .job }

    /// Keys whose values are evaluated before the others, wherever they are written: what they define is seen by all.
    func isEvaluatedFirst(_ key: String) -> Bool {
        switch self {
        case .root: key == "resources" || key == "variables"
        case .stage, .job: key == "variables"
        case .stages, .jobs, .steps, .step, .variables, .variable, .strategy, .data, .literal: false
        }
    }

    /// The list a template must hold to stand in for an item of this shape; nil where no template may be named.
    var templateKey: String? {
        switch self {
        case .stage: "stages"
        case .job: "jobs"
        case .step: "steps"
        case .variable: "variables"
        case .root, .stages, .jobs, .steps, .variables, .strategy, .data, .literal: nil
        }
    }

    /// The shape that list has.
    var list: Shape {
        switch self {
        case .stage: .stages
        case .job: .jobs
        case .step: .steps
        case .variable: .variables
        default: .data
        }
    }
}
