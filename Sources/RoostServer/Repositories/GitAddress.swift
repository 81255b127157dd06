/// Addresses of repositories as `.gitmodules` writes them.
enum GitAddress {
    /// The address of a submodule; one that begins with `./` or `../` is relative to its parent's (gitsubmodules(7), gitmodules(5)).
    ///
    /// ```
    /// ../lib.git          of https://git.example.org/team/app.git is https://git.example.org/team/lib.git
    /// ../../other/lib.git of git@git.example.org:team/app.git     is git@git.example.org:other/lib.git
    /// ```
    static func resolve(_ address: String, below parent: String) -> String {
        guard address.hasPrefix("./") || address.hasPrefix("../") else { return address }
        var base = Substring(parent)
        while base.hasSuffix("/") { base = base.dropLast() }
        var rest = Substring(address)
        var separator = "/"
        while true {
            if rest.hasPrefix("./") {
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("../") {
                rest = rest.dropFirst(3)
                if let slash = base.lastIndex(of: "/") {
                    base = base[..<slash]
                } else if let colon = base.lastIndex(of: ":") {
                    base = base[..<colon]
                    separator = ":"
                }
            } else {
                return "\(base)\(separator)\(rest)"
            }
        }
    }
}
