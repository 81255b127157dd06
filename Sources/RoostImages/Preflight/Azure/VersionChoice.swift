import RoostModel

/// Which version of a definition a machine would be made from, and why none.
struct VersionChoice: Sendable, Hashable {
    /// The number; nil when there is none.
    let version: String?
    /// Continues a sentence about what was wanted; nil when there is a version.
    let refusal: String?
    let advice: String?

    /// - Parameters:
    ///   - wanted: `latest` or a number.
    ///   - versions: all that there are.
    ///   - region: where it has to be; nil when that is not known.
    init(_ wanted: String, among versions: [ImageVersionFact], in region: String?) {
        let isLatest = wanted.lowercased() == "latest"
        let named = isLatest ? versions : versions.filter { $0.name == wanted }
        guard !named.isEmpty else {
            self.init(nil, isLatest ? ": it has no version at all" : " is not there", Self.list(versions))
            return
        }
        let usable = named.filter { $0.state.lowercased() == "succeeded" }
        guard !usable.isEmpty else {
            let states = Set(named.map(\.state)).sorted().joined(separator: ", ")
            self.init(nil, isLatest ? ": the state of all is \(states)" : " is in the state \(states)", nil)
            return
        }
        let near = usable.filter { $0.isKept(in: region) }
        guard !near.isEmpty else {
            let regions = Set(usable.flatMap(\.regions)).sorted().joined(separator: ", ")
            self.init(
                nil,
                "\(isLatest ? ":" : " is kept in") \(regions)\(isLatest ? " have versions," : ",") and not \(region ?? "there")",
                "Add the region to the version's target regions, or build in one that it has."
            )
            return
        }
        let open = isLatest ? near.filter { !$0.isHidden(in: region) } : near
        guard let best = open.max(by: { Self.number($0.name) < Self.number($1.name) }) else {
            self.init(
                nil,
                ": all are excluded from latest",
                "Name a version, or include one again with 'az sig image-version update --set publishingProfile.excludeFromLatest=false'.\(Self.list(near).map { " \($0)" } ?? "")"
            )
            return
        }
        self.init(best.name, nil, nil)
    }

    private init(_ version: String?, _ refusal: String?, _ advice: String?) {
        (self.version, self.refusal, self.advice) = (version, refusal, advice)
    }

    private static func list(_ versions: [ImageVersionFact]) -> String? {
        guard !versions.isEmpty else { return nil }
        let names = versions.map(\.name).sorted { number($0) > number($1) }
        return "There are \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? " and more" : "")."
    }

    /// What is none counts least.
    static func number(_ name: String) -> ImageVersionNumber { ImageVersionNumber(name) ?? ImageVersionNumber(0, 0, 0) }
}

extension ImageVersionFact {
    fileprivate func isKept(in region: String?) -> Bool {
        guard let region, !regions.isEmpty else { return true }
        return regions.contains { AzureCheck.region($0) == region }
    }

    fileprivate func isHidden(in region: String?) -> Bool {
        isExcluded || excludedRegions.contains { AzureCheck.region($0) == region }
    }
}
