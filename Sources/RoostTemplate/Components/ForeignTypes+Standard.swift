extension ForeignTypes {
    /// Plugins and types that are in wide use.
    static let standard = ForeignTypes(
        plugins: [
            "alicloud", "amazon", "anka", "aws", "cloudstack", "cloudsigma", "digitalocean", "exoscale", "external",
            "git", "gridscale", "hcloud", "hetzner", "huaweicloud", "hyperone", "hyperv", "ibmcloud", "jdcloud",
            "kamatera",
            "kubevirt", "libvirt", "linode", "macstadium", "mondoo", "ncloud", "nutanix", "oneandone",
            "opentelekomcloud",
            "openstack", "oracle", "outscale", "osc", "parallels", "profitbricks", "proxmox", "sakuracloud",
            "scaleway", "ssm", "stackit", "tart", "tencentcloud", "tencent", "triton", "ucloud", "upcloud", "utm",
            "veertu", "virtualbox", "vmware", "volcengine", "vsphere", "vultr", "xenserver", "yandex",
        ],
        types: [
            .builder: [
                "arm", "arm-image", "azure-dtl", "cross", "googlecompute", "lxd-container", "sdm", "vagrant",
            ],
            .provisioner: [
                "azure-dtlartifact", "chef-client", "chef-solo", "cinc", "comment", "converge", "dsc", "goss",
                "inspec", "itamae", "mondoo", "pkr-git", "pulumi", "puppet-bolt", "puppet-masterless",
                "puppet-server", "salt-masterless", "serverspec", "testinfra", "trivy",
            ],
            .postProcessor: [
                "atlas", "azure-dtl", "googlecompute-export", "googlecompute-import", "hcp-vagrant-registry",
                "vagrant-cloud", "wim-export",
            ],
            .dataSource: [
                "azure-keyvaultsecret", "git-commit", "git-repository", "git-tree", "googlecompute-image",
                "googlecompute-secretsmanager", "googlecompute-secretmanager", "sshkey",
            ],
        ]
    )
}
