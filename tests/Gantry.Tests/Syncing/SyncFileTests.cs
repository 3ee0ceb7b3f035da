using Gantry.Syncing;

namespace Gantry.Tests.Syncing;

/// <summary>Files for gantry sync, in both formats.</summary>
public sealed class SyncFileTests
{
    [Fact]
    public void Defaults_count_where_an_entry_says_nothing()
    {
        var file = Read(
            """
            version: 1
            parallel: 7
            defaults:
              referrers: false
              moveTags: it follows
            images:
              - source: a.example/one:1
                targets: [b.example/one, c.example/uno:2]
              - source: a.example/two
                targets: b.example/two
                referrers: true
                platforms: [linux/amd64]
                tags: { include: "1.*", exclude: ["*-rc*"], semver: ">=1.2", latest: 2 }
            """);

        Assert.Equal(7, file.Parallel);
        var (one, two) = (file.Entries[0], file.Entries[1]);
        Assert.Equal((false, "it follows", 7L), (one.Options.Referrers, one.MoveTagReason, one.Line));
        Assert.Equal([null, "2"], one.Targets.Select(target => target.Tag));
        Assert.Null(one.Tags);
        Assert.True(two.Options.Referrers);
        Assert.Equal("linux/amd64", Assert.Single(two.Options.Platforms).ToString());
        Assert.Equal(
            ["1.3.0", "1.10.0"],
            two.Tags!.Choose(["latest", "1.1.0", "1.2.0", "1.3.0", "1.10.0", "1.11.0-rc.1", "2.0.0", $"sha256-{new string('0', 64)}.sig"]));
    }

    [Theory]
    [InlineData("", "GAN4150", "empty")]
    [InlineData("- a", "GAN4150", "line 1")]
    [InlineData("images: []", "GAN4150", "images")]
    [InlineData("images:\n  - source: a.example/x:1", "GAN4150", "targets")]
    [InlineData("images:\n  - source: a.example/x:1\n    targets: [b.example/x]\n    tag: 1", "GAN4151", "line 4")]
    [InlineData("images:\n  - source: a.example/x:1\n    targets: [b.example/x]\nimage: 1", "GAN4151", "line 4")]
    [InlineData("images:\n  - source: a.example/x:1\n    targets: [b.example/x]\n    targets: []", "GAN4150", "twice")]
    [InlineData("images:\n  - source: a.example/x:1\n    targets: [b.example/x]\n    deep: yes", "GAN4150", "deep")]
    [InlineData("images:\n  - source: a.example/x:1\n    targets: [b.example/x]\n    tags: {}", "GAN4150", "tags")]
    [InlineData("images:\n  - source: a.example/x\n    targets: [b.example/x:1]", "GAN4150", "line 3")]
    [InlineData("images:\n  - source: a.example/x\n    targets: [b.example/x]\n    tags: { semver: nonsense! }", "GAN4153", "nonsense!")]
    [InlineData("images:\n  - source: a.example/x\n    targets: [b.example/x]\n    tags: { include: \"a b\" }", "GAN4153", "a b")]
    [InlineData("version: 2\nimages: []", "GAN4152", "later version")]
    [InlineData("images: *nothing", "GAN4150", "anchor")]
    [InlineData("images: !!set {}", "GAN4150", "tag")]
    [InlineData("a: [", "GAN4150", "line")]
    [InlineData("---\nimages: []\n---\nx: 1", "GAN4150", "second document")]
    public void What_is_not_understood_is_refused(string text, string code, string part)
    {
        var error = Assert.Throws<GantryException>(() => Read(text));

        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Equal("GAN4150", Assert.Throws<GantryException>(() => Read("images: " + new string('[', 100_000))).Code);

    [Fact]
    public void A_file_of_regsync_is_read_with_what_it_means_there()
    {
        var file = Read(
            """
            version: 1
            x-tags: &some
              allow: ["1\\..*"]
              deny: [".*-rc.*"]
            creds:
              - registry: registry.example:5000
                user: '{{env "WHO"}}'
                pass: "{{ env \"SECRET\" }}"
                tls: disabled
                reqPerSec: 5
            defaults:
              ratelimit: { min: 100, retry: 15m }
              parallel: 2
              interval: 60m
              digestTags: true
            sync:
              - source: busybox
                target: registry.example:5000/library/busybox:latest
                type: image
              - source: ghcr.io/contoso/app
                target: registry.example:5000/app
                type: repository
                tags:
                  <<: *some
                referrers: true
                platform: linux/amd64
            """);

        Assert.Equal(["interval", "ratelimit", "reqPerSec"], file.Warnings.Select(KeyOf).Order(StringComparer.Ordinal));
        Assert.Equal(2, file.Parallel);
        Assert.Equal(new SyncCredential("registry.example:5000", "ben", "hunter2"), Assert.Single(file.Credentials));
        Assert.DoesNotContain("hunter2", file.Credentials[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("registry.example:5000", Assert.Single(file.PlainHttpHosts));
        var (image, repository) = (file.Entries[0], file.Entries[1]);
        Assert.Equal(("library/busybox", "latest"), (image.Source.Repository, image.Source.Tag));
        Assert.Equal((false, true), (image.Options.Referrers, image.Options.CosignTags));
        Assert.True(repository.Options.Referrers);
        Assert.Equal(["1.0", "1.1"], repository.Tags!.Choose(["1.0", "1.1", "1.2-rc1", "2.1", "x1.0"]));
        Assert.NotNull(repository.MoveTagReason);
    }

    [Theory]
    [InlineData("type: registry", "GAN4152")]
    [InlineData("type: images", "GAN4150")]
    [InlineData("type: image\n    backup: old", "GAN4152")]
    [InlineData("type: image\n    hooks: { pre: { type: x } }", "GAN4152")]
    [InlineData("type: image\n    tag: x", "GAN4151")]
    [InlineData("type: repository\n    tags: { allow: ['(?=x)'] }", "GAN4153")]
    [InlineData("type: repository\n    tags: { allow: ['('] }", "GAN4153")]
    [InlineData("type: repository\n    tagSets: [{ allow: [a] }, { allow: [b] }]", "GAN4152")]
    public void What_regsync_does_and_gantry_does_not_is_refused(string rest, string code) =>
        Assert.Equal(
            code,
            Assert.Throws<GantryException>(
                () => Read($"sync:\n  - source: a.example/x\n    target: b.example/x\n    {rest}")).Code);

    [Theory]
    [InlineData("user: '{{env \"MISSING\"}}'\n    pass: x", "GAN4156")]
    [InlineData("user: '{{ .Name }}'\n    pass: x", "GAN4152")]
    [InlineData("user: only", "GAN4150")]
    [InlineData("tls: insecure", "GAN4152")]
    [InlineData("credHelper: docker-credential-x", "GAN4152")]
    public void Credentials_that_cannot_be_had_are_refused(string rest, string code) =>
        Assert.Equal(
            code,
            Assert.Throws<GantryException>(() => Read(
                $"creds:\n  - registry: a.example\n    {rest}\n"
                    + "sync:\n  - source: a.example/x:1\n    target: b.example/x:1\n    type: image"))
                .Code);

    private static string KeyOf(GantryException warning) => warning.Problem.Split('\'')[1];

    private static SyncFile Read(string text) =>
        SyncFile.Read(text, "mirror.yml", name => name switch { "WHO" => "ben", "SECRET" => "hunter2", _ => null });
}
