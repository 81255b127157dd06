/// What a sandbox is made of.
struct SandboxPlan: Sendable, Hashable {
    /// Layers of a root file system, in places that are relative to `folder`.
    struct Overlay: Sendable, Hashable {
        /// The lowest first.
        var layers: [String]
        /// What is written goes here; nil makes everything read-only.
        var upper: String?
        /// An empty folder on the file system of `upper`.
        var work: String?
        /// Where all of it is seen together.
        var root: String
    }

    struct Mount: Sendable, Hashable {
        var source: String
        var target: String
        var isReadOnly: Bool
    }

    /// Relative paths begin here.
    var folder: String
    var overlay: Overlay?
    /// Whether its files stay those of the machine, with the layers in their place among them.
    var seesMachine = false
    var hostNetwork = false
    var hostName: String?
    var mounts: [Mount] = []
    /// A file that is shown as `/etc/resolv.conf`.
    var resolver: String?

    /// Options of mount(8) for the overlay.
    ///
    /// Nothing in a layer may speak of the layers it was made over, or it could not be found again by its content.
    func overlayOptions(ownUsers: Bool) -> String? {
        guard let overlay else { return nil }
        var lower = overlay.layers.reversed().joined(separator: ":")
        var options = ["redirect_dir=off", "metacopy=off", "index=off", "xino=off"]
        if let upper = overlay.upper, let work = overlay.work {
            options += ["upperdir=\(upper)", "workdir=\(work)"]
        } else if overlay.layers.count == 1 {
            // Without an upper folder an overlay has at least two layers; the same one twice is refused.
            lower += ":\(Self.nothing)"
        }
        // These two are off by themselves there, and may not be named.
        if ownUsers {
            options = options.filter { !$0.hasPrefix("redirect") && !$0.hasPrefix("metacopy") } + ["userxattr"]
        }
        return (["lowerdir=\(lower)"] + options).joined(separator: ",")
    }

    /// An empty folder below `folder`.
    static let nothing = "nothing"
}
