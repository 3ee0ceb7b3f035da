using System.Formats.Tar;
using System.Text;
using Gantry.Images.Tests.Fixtures;
using Gantry.Sboms;

namespace Gantry.Images.Tests.Sboms;

public sealed class OsSbomTests
{
    private const string Status = """
        Package: libc6
        Status: install ok installed
        Priority: optional
        Architecture: amd64
        Source: glibc
        Version: 2.36-9+deb12u10
        Description: GNU C Library
         Package: not-a-field

        Package: removed
        Status: deinstall ok config-files
        Architecture: all
        Version: 1.0

        Package: tzdata
        Status: install ok installed
        Architecture: all
        Version: 2025b-0+deb12u1

        Package: openssl
        Status: hold ok installed
        Architecture: amd64
        Version: 1:3.0.17~rc-1
        """;

    private const string Installed = """
        C:Q1abcdefghijklmnopqrstuvwxyz0=
        P:musl
        V:1.2.5-r10
        A:x86_64
        L:MIT
        o:musl
        F:lib
        R:ld-musl-x86_64.so.1

        P:libcrypto3
        V:3.5.1-r0
        A:x86_64
        L:Apache-2.0
        o:openssl

        P:old
        V:1-r0
        A:noarch
        L:custom:some words

        """;

    private const string Manifest =
        "bash\t5.2.15-3.azl3\t1725000000\t1720000000\tMicrosoft\t(none)\t1000\tx86_64\t0\tbash-5.2.15-3.azl3.src.rpm\n"
        + "shadow-utils\t4.14.3-1.azl3\t1725000000\t1720000000\tMicrosoft\t(none)\t1000\tx86_64\t2\tshadow-utils-4.14.3-1.azl3.src.rpm\n"
        + "openssl-libs\t3.3.0-1.azl3\t1725000000\t1720000000\tMicrosoft\t(none)\t1000\tnoarch\t(none)\topenssl-3.3.0-1.azl3.src.rpm\n";

    private const string Wall = """
        {"jsonwall":"1.0","schema":"1.0","count":3}
        {"kind":"content","slice":"base-files_base","path":"/etc/package"}
        {"kind":"package","name":"base-files","version":"13ubuntu10.1","sha256":"aa","arch":"amd64"}
        {"kind":"package","name":"libc6","version":"2.39-0ubuntu8.4","sha256":"bb","arch":"amd64"}
        """;

    private static string[] DebianPackages =>
    [
        "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12",
        "pkg:deb/debian/openssl@1%3A3.0.17~rc-1?arch=amd64&distro=debian-12",
        "pkg:deb/debian/tzdata@2025b-0%2Bdeb12u1?arch=all&distro=debian-12",
    ];

    private static readonly Dictionary<string, (TarEntry[] Files, string System, string[] Purls, string[] Notes)> s_cases = new()
    {
        ["dpkg"] = ([Release(SbomFixture.Debian), BaseImageFactory.File("var/lib/dpkg/status", Status)], "debian 12", DebianPackages, []),
        ["dpkg-without-a-package-manager"] = (
            [
                Release(SbomFixture.Debian),
                BaseImageFactory.File("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2025b-0\nArchitecture: all\n"),
                BaseImageFactory.File("var/lib/dpkg/status.d/tzdata.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo\n"),
            ],
            "debian 12", ["pkg:deb/debian/tzdata@2025b-0?arch=all&distro=debian-12"], []),
        ["a-link-to-os-release"] = (
            [
                BaseImageFactory.Link("etc/os-release", "../usr/lib/os-release"),
                BaseImageFactory.File("usr/lib/os-release", SbomFixture.Debian), BaseImageFactory.File("var/lib/dpkg/status", Status),
            ],
            "debian 12", DebianPackages, []),
        ["os-release-in-its-other-place"] = (
            [BaseImageFactory.File("usr/lib/os-release", SbomFixture.Debian), BaseImageFactory.File("var/lib/dpkg/status", Status)],
            "debian 12", DebianPackages, []),
        ["apk"] = (
            [Release(SbomFixture.Alpine), BaseImageFactory.File("lib/apk/db/installed", Installed)], "alpine 3.22.1",
            [
                "pkg:apk/alpine/libcrypto3@3.5.1-r0?arch=x86_64&distro=alpine-3.22.1",
                "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1",
                "pkg:apk/alpine/old@1-r0?arch=noarch&distro=alpine-3.22.1",
            ],
            []),
        ["apk-behind-a-link"] = (
            [
                Release(SbomFixture.Alpine), BaseImageFactory.Link("lib", "usr/lib"),
                BaseImageFactory.File("usr/lib/apk/db/installed", "P:musl\nV:1.2.5-r10\nA:x86_64\n"),
            ],
            "alpine 3.22.1", ["pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1"], []),
        ["rpm-manifest"] = (
            [
                Release("ID=azurelinux\nVERSION_ID='3.0'\n"),
                BaseImageFactory.File("var/lib/rpmmanifest/container-manifest-2", Manifest),
                BaseImageFactory.File("var/lib/rpm/rpmdb.sqlite", "SQLite format 3"),
            ],
            "azurelinux 3.0",
            [
                "pkg:rpm/azurelinux/bash@5.2.15-3.azl3?arch=x86_64&distro=azurelinux-3.0",
                "pkg:rpm/azurelinux/openssl-libs@3.3.0-1.azl3?arch=noarch&distro=azurelinux-3.0",
                "pkg:rpm/azurelinux/shadow-utils@4.14.3-1.azl3?arch=x86_64&distro=azurelinux-3.0&epoch=2",
            ],
            []),
        ["rpm-database"] = (
            [Release("ID=fedora\nVERSION_ID=42\n"), BaseImageFactory.File("usr/lib/sysimage/rpm/rpmdb.sqlite", "SQLite format 3"),
                BaseImageFactory.Link("var/lib/rpm", "../../usr/lib/sysimage/rpm")],
            "fedora 42", [],
            [
                "/var/lib/rpm/rpmdb.sqlite: not read, because databases of RPM are not read here: its packages are missing in this SBOM",
                "no list of packages of the operating system fedora-42 was read",
            ]),
        ["chisel"] = (
            [
                Release("ID=ubuntu\nVERSION_ID=\"24.04\"\n"),
                SbomFixture.Bytes("var/lib/chisel/manifest.wall", SbomFixture.Zstd(Encoding.UTF8.GetBytes(Wall))),
            ],
            "ubuntu 24.04",
            [
                "pkg:deb/ubuntu/base-files@13ubuntu10.1?arch=amd64&distro=ubuntu-24.04",
                "pkg:deb/ubuntu/libc6@2.39-0ubuntu8.4?arch=amd64&distro=ubuntu-24.04",
            ],
            []),
        ["a-system-without-a-version"] = (
            [Release("ID=debian\n"), BaseImageFactory.File("var/lib/dpkg/status", "Package: a\nVersion: 1\n")],
            "debian ", ["pkg:deb/debian/a@1?distro=debian"], []),
        ["a-list-without-a-system"] = (
            [BaseImageFactory.File("var/lib/dpkg/status", "Package: a\nVersion: 1\n")], "", ["pkg:deb/debian/a@1"],
            ["/etc/os-release: the operating system is not known, because this file is missing or cannot be read"]),
        ["another-package-manager"] = (
            [Release("ID=arch\n"), BaseImageFactory.File("var/lib/pacman/local/bash/desc", "x")], "arch ", [],
            ["no list of packages of the operating system arch was read"]),
        ["nothing"] = ([BaseImageFactory.File("app", "x")], "", [], []),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task The_system_and_its_packages_are_listed(string name)
    {
        var (files, system, purls, notes) = s_cases[name];

        var sbom = await SbomFixture.CreateAsync("os-" + name, files);

        var found = sbom.Components.SingleOrDefault(component => component.Type == "operating-system");
        Assert.Equal(system, found is null ? "" : $"{found.Name} {found.Version}");
        Assert.Equal(purls, sbom.Purls());
        Assert.Equal(notes, sbom.Notes);
        Assert.Equal(
            notes,
            sbom.Document.Properties.Where(property => property.Name == "dev.gantry.sbom.not-read").Select(property => property.Value));
    }

    [Fact]
    public async Task Licences_are_read_where_the_list_has_them()
    {
        var sbom = await SbomFixture.CreateAsync("os-licences", s_cases["apk"].Files);

        Assert.Equal(
            [new SbomLicense("Apache-2.0", SbomLicenseKind.Expression)],
            sbom.Components.Single(item => item.Name == "libcrypto3").Licenses);
        Assert.Equal(
            [new SbomLicense("custom:some words", SbomLicenseKind.Name)], sbom.Components.Single(item => item.Name == "old").Licenses);
        Assert.All((await SbomFixture.CreateAsync("os-dpkg", s_cases["dpkg"].Files)).Components, item => Assert.Empty(item.Licenses));
    }

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("GPL-2.0-or-later WITH GCC-exception-3.1", true)]
    [InlineData("(MIT OR Apache-2.0) AND BSD-3-Clause", true)]
    [InlineData("GPL2 LGPL2", false)]
    [InlineData("MIT AND", false)]
    [InlineData("(MIT", false)]
    [InlineData("MIT)", false)]
    [InlineData("()", false)]
    [InlineData("MIT (BSD)", false)]
    [InlineData("custom:any", false)]
    public void A_licence_is_an_expression_or_a_name(string text, bool isExpression) => Assert.Equal(
        isExpression ? SbomLicenseKind.Expression : SbomLicenseKind.Name, Gantry.Images.Sboms.LicenseText.Parse(text).Kind);

    [Fact]
    public async Task The_source_package_is_named_for_scanners()
    {
        var sbom = await SbomFixture.CreateAsync("os-dpkg", s_cases["dpkg"].Files);

        var property = sbom.Components.Single(component => component.Name == "libc6").Properties[0];
        Assert.Equal(new SbomProperty("aquasecurity:trivy:SrcName", "glibc"), property);
        Assert.Equal(
            sbom.Purls(), sbom.Document.Dependencies.Single(dependency => dependency.Ref == "os").DependsOn);
    }

    private static TarEntry Release(string content) => BaseImageFactory.File("etc/os-release", content);
}
