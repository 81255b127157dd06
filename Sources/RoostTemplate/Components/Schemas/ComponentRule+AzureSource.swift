import RoostLanguage

extension ComponentRule {
    /// The ways to say what an image is made from, each with the options that it needs.
    private static let sources = [
        ["image_publisher", "image_offer", "image_sku"],
        ["custom_managed_image_name", "custom_managed_image_resource_group_name"],
        ["image_url"], ["shared_image_gallery"],
    ]

    /// Exactly one source, and that one whole.
    static let azureSource = ComponentRule(
        "Exactly one source, and that one whole: `image_publisher`, `image_offer` and `image_sku`; `custom_managed_image_name` and `custom_managed_image_resource_group_name`; `image_url`; or `shared_image_gallery`."
    ) { settings, component in
        let used = sources.filter { !settings.given($0).isEmpty }
        guard let first = used.first else {
            return [
                settings.problem(
                    "azure-source",
                    "\(component) has no source",
                    in: component,
                    advice:
                        "Give \"image_publisher\", \"image_offer\" and \"image_sku\", a managed image (\"custom_managed_image_name\"), a \"shared_image_gallery\" or an \"image_url\"."
                )
            ]
        }
        if used.count > 1, let other = settings.given(used[1]).first, let own = settings.given(first).first {
            return [
                settings.problem(
                    "azure-source",
                    "\(component) has more than one source: \"\(own)\" and \"\(other)\" exclude each other",
                    about: other,
                    in: component,
                    advice: "Leave out all but one source."
                )
            ]
        }
        return missing(of: first, settings, component)
    }

    /// The options of a group that are missing where others of it are there.
    static func missing(of group: [String], _ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic] {
        guard let given = settings.given(group).first else { return [] }
        return group.filter { !settings.isGiven($0) }.map { name in
            settings.problem(
                "missing-option",
                "\(component) needs \"\(name)\", as it has \"\(given)\"",
                about: given,
                in: component
            )
        }
    }

    /// A source in a gallery is one of its own images, one by its id, a community's or a shared one.
    static let azureGallerySource = ComponentRule(
        "`shared_image_gallery` has exactly one of `id`, `community_gallery_image_id`, `direct_shared_gallery_image_id`, and `gallery_name` with `subscription`, `resource_group` and `image_name`; the image is not captured as a disk then."
    ) { settings, component in
        guard settings.isGiven("shared_image_gallery"), let gallery = settings["shared_image_gallery"]?.settings
        else { return [] }
        let ways = ["id", "gallery_name", "community_gallery_image_id", "direct_shared_gallery_image_id"]
        let given = gallery.given(ways)
        guard let way = given.first else {
            return [
                settings.problem(
                    "azure-source",
                    "\"shared_image_gallery\" of \(component) needs \(ways.alternatives)",
                    about: "shared_image_gallery",
                    in: component
                )
            ]
        }
        let others = given.dropFirst() + (way == "id" ? gallery.given(["subscription", "image_name"]) : [])
        let conflicts = others.map { name in
            gallery.problem(
                "azure-source",
                "\"\(way)\" and \"\(name)\" in \"shared_image_gallery\" of \(component) exclude each other",
                about: name,
                in: component
            )
        }
        let parts = ["gallery_name", "subscription", "resource_group", "image_name"]
        return conflicts + (way == "gallery_name" ? missing(of: parts, gallery, component) : [])
            + noCapture(settings, component)
    }

    private static func noCapture(_ settings: ImageSettings, _ component: ComponentName) -> [Diagnostic] {
        settings.given(["capture_container_name", "capture_name_prefix"]).map { name in
            settings.problem(
                "azure-source",
                "\"\(name)\" of \(component) cannot be used with \"shared_image_gallery\"",
                about: name,
                in: component,
                advice: "Store a managed image, or a version in a gallery."
            )
        }
    }

    /// A plan of the marketplace is given whole or not at all.
    static let wholePlan = ComponentRule("A plan has `plan_name`, `plan_product` and `plan_publisher`, or nothing.") {
        settings,
        component in
        let group = ["plan_name", "plan_product", "plan_publisher"]
        guard settings.isGiven("plan_promotion_code"), settings.given(group).isEmpty else {
            return missing(of: group, settings, component)
        }
        return missing(of: ["plan_promotion_code"] + group, settings, component)
    }
}
