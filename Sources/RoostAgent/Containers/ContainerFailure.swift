import RoostModel

/// Why containers of a job could not be used.
enum ContainerFailure: UserFacingError, Hashable {
    /// No way to run containers works on this machine; what was tried and how it failed.
    case noEngine(tried: [String])
    case unknownContainer(String)
    case notRunning(String)
    case imageMissing(alias: String)
    case localImageMissing(image: String)
    case pullFailed(image: String, reason: String)
    case startFailed(alias: String, image: String, reason: String)
    case endedEarly(alias: String, code: Int32, log: String)
    case unhealthy(alias: String, log: String)
    case optionRefused(String, alias: String)
    case optionsUnreadable(String, alias: String)
    case socketRefused(String, alias: String)
    case unknownEndpoint(String, alias: String)
    case engineFailed(command: String, reason: String)

    var code: String {
        switch self {
        case .noEngine: "container.no-engine"
        case .unknownContainer: "container.unknown"
        case .notRunning: "container.not-running"
        case .imageMissing: "container.no-image"
        case .localImageMissing: "container.local-image-missing"
        case .pullFailed: "container.pull-failed"
        case .startFailed: "container.start-failed"
        case .endedEarly: "container.ended"
        case .unhealthy: "container.unhealthy"
        case .optionRefused: "container.option-refused"
        case .optionsUnreadable: "container.options"
        case .socketRefused: "container.socket-refused"
        case .unknownEndpoint: "container.endpoint"
        case .engineFailed: "container.engine-failed"
        }
    }

    var summary: String {
        switch self {
        case .noEngine(let tried):
            "No container engine works on this agent's machine. Tried: \(tried.joined(separator: "; "))."
        case .unknownContainer(let alias): "The job's message does not describe the container '\(alias)'."
        case .notRunning(let alias): "The container '\(alias)' does not run."
        case .imageMissing(let alias): "The container '\(alias)' has no image."
        case .localImageMissing(let image): "The image '\(image)' is not on the agent's machine."
        case .pullFailed(let image, let reason): "The image '\(image)' could not be pulled: \(reason)"
        case .startFailed(let alias, let image, let reason):
            "The container '\(alias)' of the image '\(image)' could not be started: \(reason)"
        case .endedEarly(let alias, let code, let log):
            "The container '\(alias)' ended by itself with code \(code).\(Self.said(log))"
        case .unhealthy(let alias, let log):
            "The health check of the container '\(alias)' did not succeed.\(Self.said(log))"
        case .optionRefused(let option, let alias):
            "The container '\(alias)' has the option '\(option)', which the agent sets itself or which would take it out of the job's own namespaces."
        case .optionsUnreadable(let options, let alias):
            "The options of the container '\(alias)' have a quote that does not end: \(options)"
        case .socketRefused(let volume, let alias):
            "The container '\(alias)' asks for the socket of a container engine: '\(volume)'."
        case .unknownEndpoint(let endpoint, let alias):
            "The service connection '\(endpoint)' of the container '\(alias)' is not in the job's message."
        case .engineFailed(let command, let reason): "'podman \(command)' failed: \(reason)"
        }
    }

    var advice: String? {
        switch self {
        case .noEngine:
            "Install podman, crun or runc, and uidmap (apt-get install podman runc uidmap); a user who is not root needs lines in /etc/subuid and /etc/subgid."
        case .unknownContainer: "Declare it under 'resources: containers:'."
        case .notRunning: "See the log of 'Initialize containers'."
        case .imageMissing: "Write 'image:' with the name of an image."
        case .localImageMissing: "Build or load it there under this name, or remove 'localImage'."
        case .pullFailed: "Check the name, and 'endpoint:' when the registry wants a password."
        case .startFailed: nil
        case .endedEarly: "A service must keep running; a job's container needs a shell, /bin/sh."
        case .unhealthy: "Look at its log above, or change the image's health check with 'options'."
        case .optionRefused: "Remove it."
        case .optionsUnreadable: "Close the quote."
        case .socketRefused: "No container of a job gets it; build images with a tool that needs none, such as buildah."
        case .unknownEndpoint: "Create a connection of type dockerregistry of that name in the project."
        case .engineFailed: nil
        }
    }

    private static func said(_ log: String) -> String { log.isEmpty ? "" : " It said last:\n\(log)" }
}
