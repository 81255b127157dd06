/// A version of Image Builder's interface; templates say which one they are written for.
enum ImageBuilderVersion: String, CaseIterable, Comparable, Sendable {
    case preview2018 = "2018-02-01-preview"
    case preview2019 = "2019-02-01-preview"
    case secondPreview2019 = "2019-05-01-preview"
    case february2020 = "2020-02-14"
    case october2021 = "2021-10-01"
    case february2022 = "2022-02-14"
    case july2022 = "2022-07-01"
    case july2023 = "2023-07-01"
    case february2024 = "2024-02-01"
    case october2025 = "2025-10-01"

    static let newest = ImageBuilderVersion.october2025

    var isPreview: Bool { rawValue.hasSuffix("-preview") }

    static func < (left: ImageBuilderVersion, right: ImageBuilderVersion) -> Bool { left.rawValue < right.rawValue }
}
