/// A template as its tokens give it, before its directives are matched.
enum HCLTemplatePart {
    case text(String, HCLRange)
    case interpolation(HCLExpression, HCLRange)
    case conditional(HCLExpression, HCLRange)
    case loop(key: String?, value: String, HCLExpression, HCLRange)
    case otherwise(HCLRange)
    case endIf(HCLRange)
    case endFor(HCLRange)
    case end(HCLRange)

    var range: HCLRange {
        switch self {
        case .text(_, let range), .interpolation(_, let range), .conditional(_, let range), .loop(_, _, _, let range),
            .otherwise(let range), .endIf(let range), .endFor(let range), .end(let range):
            range
        }
    }
}
