using System.Diagnostics.CodeAnalysis;
using CsCheck;
using Gantry.Deployments;
using Gantry.Deployments.Git;
using Gantry.Environments;

namespace Gantry.Tests.Deployments.Git;

/// <summary>Edits of files in a repository: only the digest changes.</summary>
public sealed class YamlFileTests
{
    private static readonly KustomizeCommitDeployment Overlay = Deployment.KustomizeCommit("file:///deploy.git", "overlays/prod");

    private static string Digest => SampleOrders.Digest.ToString();

    public static TheoryData<string, string, string> Kustomizations => new()
    {
        {
            "values are replaced where they stand",
            """
            # production
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            images:
            - name: other
              digest: sha256:0   # not ours
            - name: app          # the shop
              newName: old.azurecr.io/app   # where it is
              digest: sha256:0 # which it is

            resources:   [../base]
            """,
            $$"""
            # production
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            images:
            - name: other
              digest: sha256:0   # not ours
            - name: app          # the shop
              newName: contosoprod.azurecr.io/team/app   # where it is
              digest: {{Digest}} # which it is

            resources:   [../base]
            """
        },
        {
            "a tag goes along, and what is missing is added behind",
            """
            images:
              - newTag: 1.4.1  # by hand
                name: app
              - name: other
            """,
            $$"""
            images:
              - newTag: 1.4.2  # by hand
                name: app
                newName: contosoprod.azurecr.io/team/app
                digest: {{Digest}}
              - name: other
            """
        },
        {
            "an entry with a name only, at the end of the file",
            "images:\n- name: app",
            $"images:\n- name: app\n  newName: contosoprod.azurecr.io/team/app\n  digest: {Digest}"
        },
        {
            "quotes stay",
            "images:\n- name: 'app'\n  newName: 'old'\n  digest: \"sha256:0\"\n",
            $"images:\n- name: 'app'\n  newName: 'contosoprod.azurecr.io/team/app'\n  digest: \"{Digest}\"\n"
        },
        {
            "line ends stay",
            "images:\r\n- name: app\r\n  digest: sha256:0\r\nresources: []\r\n",
            $"images:\r\n- name: app\r\n  digest: {Digest}\r\n  newName: contosoprod.azurecr.io/team/app\r\nresources: []\r\n"
        },
        {
            "braces stay",
            "images: [ { name: app, digest: sha256:0 }, { name: other } ]\n",
            $"images: [ {{ name: app, digest: {Digest}, newName: contosoprod.azurecr.io/team/app }}, {{ name: other }} ]\n"
        },
        {
            "an empty value",
            "images:\n- name: app\n  newName:\n  digest: # to come\n",
            $"images:\n- name: app\n  newName: contosoprod.azurecr.io/team/app\n  digest: {Digest} # to come\n"
        },
        {
            "the last value is empty and another is missing",
            "images:\n- name: app\n  digest:\n",
            $"images:\n- name: app\n  digest: {Digest}\n  newName: contosoprod.azurecr.io/team/app\n"
        },
        {
            "a byte order mark, and letters beyond ASCII before",
            "\uFEFF# Größe 🚢\nimages:\n- name: app\n  newName: contosoprod.azurecr.io/team/app\n  digest: sha256:0\n",
            $"\uFEFF# Größe 🚢\nimages:\n- name: app\n  newName: contosoprod.azurecr.io/team/app\n  digest: {Digest}\n"
        },
        {
            "an image that has two entries",
            "images:\n- {name: app, newName: a, digest: sha256:0}\n- {name: app, newName: b, digest: sha256:1}\n",
            $"images:\n- {{name: app, newName: contosoprod.azurecr.io/team/app, digest: {Digest}}}\n"
                + $"- {{name: app, newName: contosoprod.azurecr.io/team/app, digest: {Digest}}}\n"
        },
    };

    [Theory]
    [MemberData(nameof(Kustomizations))]
    public void A_kustomization_names_the_digest(string what, string before, string after)
    {
        var once = Kustomization.SetImage("kustomization.yaml", before, SampleOrders.Order(Overlay));
        var twice = Kustomization.SetImage("kustomization.yaml", once.Text, SampleOrders.Order(Overlay));

        Assert.True(after == once.Text, $"{what}:\n{once.Text}");
        Assert.Equal(once.Text, twice.Text);
        Assert.EndsWith("@" + Digest, twice.Image, StringComparison.Ordinal);
    }

    [Fact]
    public void The_entry_may_have_another_name_than_the_image()
    {
        var order = SampleOrders.Order(Overlay with { Entry = "registry.contoso.com/app" });

        var edited = Kustomization.SetImage(
            "kustomization.yaml", "images:\n- name: app\n- name: registry.contoso.com/app\n  newName: old\n  newTag: 1.4.1\n", order);

        Assert.Equal("old:1.4.1", edited.Image);
        Assert.StartsWith(
            "images:\n- name: app\n- name: registry.contoso.com/app\n  newName: contosoprod", edited.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Values => new()
    {
        {
            "image.digest",
            "image:\n  repository: old # stays\n  digest: \"\"   # set by the pipeline\n\n\nreplicas: 2\n",
            $"image:\n  repository: old # stays\n  digest: \"{Digest}\"   # set by the pipeline\n\n\nreplicas: 2\n"
        },
        { "apps[1].digest", "apps:\n- digest: a\n- digest: b # b\n", $"apps:\n- digest: a\n- digest: {Digest} # b\n" },
        { "digests[0]", "digests: [a, b]\n", $"digests: [{Digest}, b]\n" },
        { @"images.app\.web", "images: {app.web: ~, app: x}\n", $"images: {{app.web: {Digest}, app: x}}\n" },
        { "image.digest", "image:\n  digest:\nother: 1\n", $"image:\n  digest: {Digest}\nother: 1\n" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_values_file_names_the_digest(string key, string before, string after) =>
        Assert.Equal(
            after,
            HelmValues.SetImage(
                "values.yaml", before, SampleOrders.Order(Deployment.HelmValuesCommit("file:///deploy.git", "values.yaml", key))).Text);

    [Fact]
    public void Repository_and_tag_are_set_when_their_keys_are_declared()
    {
        var order = SampleOrders.Order(
            Deployment.HelmValuesCommit("file:///deploy.git", "values.yaml") with
            {
                RepositoryKey = "image.repository",
                TagKey = "image.tag",
            },
            SampleOrders.Release("1.10"));

        var edited = HelmValues.SetImage("values.yaml", "image:\n  repository: old/app\n  tag: 1.9\n  digest: sha256:0\n", order);

        Assert.Equal($"image:\n  repository: contosoprod.azurecr.io/team/app\n  tag: \"1.10\"\n  digest: {Digest}\n", edited.Text);
        Assert.Equal("old/app:1.9@sha256:0", edited.Image);
    }

    public static TheoryData<string, string, string> BadKustomizations => new()
    {
        { "GAN4085", "no images", "resources: []\n" },
        { "GAN4085", "another image", "images:\n- name: other\n" },
        { "GAN4085", "no list", "images: app\n" },
        { "GAN4085", "no mapping", "- images\n" },
        { "GAN4084", "no YAML", "images: [\n" },
        { "GAN4084", "nothing", "# empty\n" },
        { "GAN4084", "a key twice", "images: []\nimages: []\n" },
        { "GAN4087", "an alias", "x: &d sha256:0\nimages:\n- name: app\n  digest: *d\n" },
        { "GAN4087", "an anchor", "images:\n- name: app\n  digest: &d sha256:0\nx: *d\n" },
        { "GAN4087", "a tag of YAML", "images:\n- name: app\n  digest: !!str sha256:0\n" },
        { "GAN4087", "a block", "images:\n- name: app\n  digest: |\n    sha256:0\n" },
        { "GAN4087", "a mapping", "images:\n- name: app\n  digest: {a: b}\n" },
    };

    [Theory]
    [MemberData(nameof(BadKustomizations))]
    public void A_kustomization_that_cannot_be_edited_is_reported(string code, string what, string text)
    {
        var error = Assert.Throws<GantryException>(() => Kustomization.SetImage("kustomization.yaml", text, SampleOrders.Order(Overlay)));
        Assert.True(code == error.Code, $"{what}: {error.Message}");
    }

    [Theory]
    [InlineData("GAN4086", "image.digest", "image: {}\n", "'image.digest'")]
    [InlineData("GAN4086", "image.digest", "images: {}\n", "'image'")]
    [InlineData("GAN4086", "apps[1].digest", "apps: [{digest: a}]\n", "'apps[1]'")]
    [InlineData("GAN4086", "image.digest.x", "image: {digest: a}\n", "'image.digest.x'")]
    [InlineData("GAN4087", "image", "image: {digest: a}\n", "a mapping or a list")]
    public void A_missing_value_is_reported(string code, string key, string text, string told)
    {
        var error = Assert.Throws<GantryException>(() => HelmValues.SetImage(
            "values.yaml", text, SampleOrders.Order(Deployment.HelmValuesCommit("file:///deploy.git", "values.yaml", key))));
        Assert.Equal(code, error.Code);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [SuppressMessage("Usage", "CA1806", Justification = "The sample is an assertion.")]
    public void The_text_around_the_value_stays()
    {
        var comment = Gen.String[Gen.Char["abc äö:#'\"{}[]-, \t"], 0, 12].Select(text => text.Trim());
        var space = Gen.Int[0, 3].Select(number => new string(' ', number));
        var value = Gen.OneOf([.. new[] { "sha256:0", "'sha256:0'", "\"sha256:0\"", "old", "~" }.Select(Gen.Const)]);
        var lineBreak = Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"));
        Gen.Select(comment, comment, space, value, lineBreak).Sample((before, behind, blanks, old, end) =>
        {
            string File(string digest) =>
                string.Join(end, $"# {before}", "image:", $"  digest: {blanks}{digest} # {behind}", "  other:", "  - x", $"# {before}", "");
            var quote = old[0] is '\'' or '"' ? old[..1] : "";

            var edited = HelmValues.SetImage(
                "values.yaml", File(old), SampleOrders.Order(Deployment.HelmValuesCommit("file:///deploy.git", "values.yaml")));

            Assert.Equal(File(quote + Digest + quote), edited.Text);
        });
    }
}
