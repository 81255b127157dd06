/// What changed of an image's versions in a pool.
public enum RollChange: Hashable, Sendable {
    /// Taken without a trial: the first, or where there is no canary.
    case wanted(ElasticInstance.Image, before: ElasticInstance.Image?)
    case onTrial(ElasticInstance.Image, besides: ElasticInstance.Image)
    /// The selector finds another one now.
    case ended(ElasticInstance.Image)
    case promoted(ElasticInstance.Image, RollFinding)
    case withdrawn(ElasticInstance.Image, RollFinding)
    /// A person lets it be tried again.
    case readmitted(ElasticInstance.Image)
    /// The selector finds none any more.
    case lost(ElasticInstance.Image)

    /// For the pool's log.
    public var sentence: String {
        switch self {
        case .wanted(let image, nil): "Machines are made of \(image.version)."
        case .wanted(let image, let before?): "Machines are made of \(image.version), no longer of \(before.version)."
        case .onTrial(let image, let wanted): "\(image.version) is tried on some jobs, besides \(wanted.version)."
        case .ended(let image): "\(image.version) is not tried any more: the image's selector finds another version."
        case .promoted(let image, let finding): "\(image.version) is promoted. \(finding.sentence)"
        case .withdrawn(let image, let finding): "\(image.version) is withdrawn. \(finding.sentence)"
        case .readmitted(let image): "\(image.version) is withdrawn no longer."
        case .lost(let image): "The image's selector finds no version any more; the last was \(image.version)."
        }
    }

    public var level: ElasticPoolLog.Level {
        switch self {
        case .wanted, .onTrial, .ended, .promoted, .readmitted: .info
        case .withdrawn: .warning
        case .lost: .error
        }
    }
}
