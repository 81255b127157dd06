import RoostModel

/// Why a task for packer could not do its work.
enum PackerTaskFailure: UserFacingError, Hashable {
    case noRoost(String)
    /// What tasks say that know secrets only, word by word, with the id of the connection.
    case endpointDataMissing(String)
    case notJSON(input: String, expected: String)
    case baseImage(String)
    case managedFromDisk
    case wrongVersion(wanted: String, found: String)
    case nothingFits(input: String, pattern: String, folder: String)
    case outputMissing(input: String, fact: String)
    case noConnection(type: String, name: String)
    case fileNotWritten(String, reason: String)

    var code: String {
        switch self {
        case .noRoost: "task.packer.no-roost"
        case .endpointDataMissing: "task.packer.endpoint-data"
        case .notJSON: "task.packer.not-json"
        case .baseImage: "task.packer.base-image"
        case .managedFromDisk: "task.packer.managed-from-disk"
        case .wrongVersion: "task.packer.version"
        case .nothingFits: "task.packer.no-file"
        case .outputMissing: "task.packer.output"
        case .noConnection: "task.packer.connection"
        case .fileNotWritten: "task.packer.file"
        }
    }

    var summary: String {
        switch self {
        case .noRoost: "The program 'roost', which builds images, was not found on this agent."
        case .endpointDataMissing(let id): "Endpoint auth data not present: \(id)"
        case .notJSON(let input, let expected): "The input '\(input)' is not \(expected)."
        case .baseImage(let text):
            "The input 'baseImage' is '\(text)'; it must be PUBLISHER:OFFER:SKU:linux or …:windows."
        case .managedFromDisk: "A managed image cannot be made from a disk file ('baseImageSource: customVhd')."
        case .wrongVersion(let wanted, let found):
            "The input 'packerVersion' asks for \(wanted), and this agent has \(found)."
        case .nothingFits(let input, let pattern, let folder):
            "Nothing in '\(folder)' fits '\(pattern)', which is the input '\(input)'."
        case .outputMissing(let input, let fact):
            "Packer told no \(fact), so that the variable of the input '\(input)' has no value."
        case .noConnection(let type, let name):
            "The service connection '\(name)' has no \(type), which the task needs to sign in."
        case .fileNotWritten(let path, let reason): "The file '\(path)' could not be written: \(reason)."
        }
    }

    var advice: String? {
        switch self {
        case .noRoost(let place):
            "Put it to '\(place)' or into a folder of PATH; 'agent/assemble' does so when it is given one."
        case .endpointDataMissing, .notJSON, .baseImage: nil
        case .managedFromDisk: "Set 'isManagedImage' to false, or begin with an image of the gallery."
        case .wrongVersion: "Install it on the agent; nothing is downloaded by the task."
        case .nothingFits: "Check the path; it is relative to the folder."
        case .outputMissing: "Only builders that make such an image tell it: azure-arm does."
        case .noConnection:
            "Give another one; secrets, certificates, federation and managed identities sign in to Azure."
        case .fileNotWritten: "Free space in the agent's work folder."
        }
    }
}
