import RoostLanguage

extension TemplateFiles {
    /// Reports expressions in parts of `resources` that are read before a run exists: triggers, and which repository is meant.
    ///
    /// Everything else there, such as a repository's `ref`, the `branch` of a pipeline and all of a container, may hold them.
    func forbidInResources(_ node: SyntaxNode, kind: String? = nil, site: IncludeSite?) {
        switch node {
        case .sequence(let sequence): for item in sequence.items { forbidInResources(item, kind: kind, site: site) }
        case .mapping(let mapping):
            for pair in mapping.pairs {
                if pair.key.mayHoldExpression {
                    forbidInResources(pair.value, kind: kind, site: site)
                } else if let kind {
                    if Self.isLiteral(pair.key.text, of: kind) { forbidExpressions(in: pair.value, site: site) }
                } else {
                    forbidInResources(pair.value, kind: pair.key.text, site: site)
                }
            }
        case .scalar, .unknown: break
        }
    }

    private static func isLiteral(_ key: String, of kind: String) -> Bool {
        switch key {
        case "trigger": true
        case "repository", "type", "name", "endpoint": kind == "repositories"
        default: false
        }
    }
}
