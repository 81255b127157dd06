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
                "alicloud-ecs", "amazon-chroot", "amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume",
                "amazon-instance", "cloudstack", "digitalocean", "hcloud", "hyperv-iso", "hyperv-vmcx", "linode",
                "ncloud", "nutanix", "openstack", "oracle-classic", "oracle-oci", "outscale-bsu",
                "outscale-bsusurrogate", "outscale-bsuvolume", "parallels-ipsw", "parallels-iso",
                "parallels-macvm", "parallels-pvm", "proxmox-clone", "proxmox-iso", "scaleway",
                "tencentcloud-cvm", "triton", "ucloud-uhost", "upcloud", "utm-cloud", "utm-iso", "utm-utm",
                "virtualbox-iso", "virtualbox-ovf", "virtualbox-vm", "vmware-iso", "vmware-vmx", "vsphere-clone",
                "vsphere-iso", "vultr", "yandex",
                "arm", "arm-image", "azure-dtl", "cross", "googlecompute", "lxd-container", "sdm", "vagrant",
            ],
            .provisioner: [
                "azure-dtlartifact", "chef-client", "chef-solo", "cinc", "comment", "converge", "dsc", "goss",
                "inspec", "itamae", "mondoo", "pkr-git", "pulumi", "puppet-bolt", "puppet-masterless",
                "puppet-server", "salt-masterless", "serverspec", "testinfra", "trivy",
            ],
            .postProcessor: [
                "alicloud-import", "amazon-import", "digitalocean-import", "exoscale-import", "ucloud-import",
                "vsphere", "vsphere-template", "yandex-export", "yandex-import",
                "atlas", "azure-dtl", "googlecompute-export", "googlecompute-import", "hcp-vagrant-registry",
                "vagrant-cloud", "wim-export",
            ],
            .dataSource: [
                "amazon-ami", "amazon-parameterstore", "amazon-secretsmanager",
                "azure-keyvaultsecret", "git-commit", "git-repository", "git-tree", "googlecompute-image",
                "googlecompute-secretsmanager", "googlecompute-secretmanager", "sshkey",
            ],
        ]
    )
}
