using System.Text.Json;
using Gantry.Admission.Languages;
using Gantry.Admission.Tests.Fixtures;
using Gantry.Signing;

namespace Gantry.Admission.Tests;

/// <summary>No name changes what a policy means: it is refused, or it stays a text.</summary>
public class HostileNameTests
{
    public static TheoryData<string> Texts =>
    [
        "'", "\"", "\\", "\\'", "\\\"", "' || true || '", "\" ; allow := true ; x := \"", "\\u0022", "a\nb", "a\r\nb", "\u0085\u2028\u2029",
        "\0", "\u001b[31m", "{{ request.object }}", "$(x)", "${x}", "\\(1+1)", "é\u202e", "😀", "\ud800", "# comment", "- a: b", "'''",
    ];

    [Theory]
    [InlineData("contoso.azurecr.io/shop/*")]
    [InlineData("contoso.azurecr.io/shop/api:1.0")]
    [InlineData("contoso.azurecr.io/shop/api@sha256:00")]
    [InlineData("contoso.azurecr.io/shop/api' || true || '")]
    [InlineData("contoso.azurecr.io/shop/api\"\n}\nallow := true")]
    [InlineData("contoso.azurecr.io/shop/{{ x }}")]
    [InlineData("contoso.azurecr.io/../api")]
    [InlineData("contoso.azurecr.io/Shop/api")]
    [InlineData("Contoso.azurecr.io/shop/api")]
    [InlineData("*.azurecr.io/shop/api")]
    [InlineData("contoso/shop/api")]
    [InlineData("contoso.azurecr.io")]
    [InlineData("contoso.azurecr.io/")]
    [InlineData("https://contoso.azurecr.io/shop/api")]
    [InlineData("user@contoso.azurecr.io/shop/api")]
    [InlineData("contoso.azurecr.io:x/shop/api")]
    [InlineData("contoso.azurecr.io/shop/api\n")]
    [InlineData("")]
    public void A_repository_that_no_cluster_could_name_is_refused(string repository) =>
        Assert.Equal("GAN8303", CodeOf(SampleTargets.Test with { Repositories = [repository] }));

    [Theory]
    [InlineData("localhost/api")]
    [InlineData("localhost:5000/api")]
    [InlineData("registry:5000/shop/api")]
    [InlineData("10.0.0.1:5000/a/b_c/d--e")]
    public void A_repository_of_any_registry_is_accepted(string repository) =>
        Assert.NotEmpty(SampleTargets.Generate(SampleTargets.Test with { Repositories = [repository] }));

    [Theory]
    [InlineData("https://contoso.com/*")]
    [InlineData("https://contoso.com/?")]
    [InlineData("https://contoso.com/$(x)")]
    [InlineData("https://contoso.com/{{ verifier.id }}")]
    [InlineData("https://contoso.com/\"")]
    [InlineData("https://contoso.com/\n")]
    [InlineData("https://contoso.com/ü")]
    [InlineData("https://contoso.com/%zz")]
    [InlineData("verifier")]
    [InlineData("")]
    public void A_verifier_that_would_match_others_is_refused(string verifier) =>
        Assert.Equal("GAN8304", CodeOf(SampleTargets.Test with { VerifierId = verifier }));

    // The only characters of a URI that a literal ends with, or a comment begins with.
    [Theory]
    [InlineData("https://contoso.com/it's#v1")]
    [InlineData("https://contoso.com/')+('")]
    [InlineData("urn:contoso:verifier;a=b,[c]!&()+@~%27")]
    public void A_verifier_stays_what_it_is_in_every_language(string verifier)
    {
        var target = SampleTargets.Test with { VerifierId = verifier };
        var bundle = Assert.Single(Yaml.Documents(SampleTargets.Generate(target, AdmissionEngines.KyvernoBundle).Text));
        var validating = Assert.Single(Yaml.Documents(SampleTargets.Generate(target, AdmissionEngines.KyvernoImageValidating).Text));
        var rego = SampleTargets.Generate(target, AdmissionEngines.Cosign).Text;

        Assert.Equal(verifier, bundle.TextAt("spec.rules.0.verifyImages.0.attestations.0.conditions.0.all.0.value"));
        Assert.Contains(
            $"verifier.id == '{verifier.Replace("'", "\\'", StringComparison.Ordinal)}' &&\n",
            validating.TextAt("spec.validations.1.expression"),
            StringComparison.Ordinal);
        Assert.Contains($"  input.predicate.verifier.id == \"{verifier}\"\n", rego, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_literal_of_CEL_ends_where_it_should(string text)
    {
        var literal = CelText.Of(text);

        Assert.Matches(@"\A'([ -&(-\[\]-~]|\\['\\]|\\U[0-9A-F]{8})*'\z", literal);
        Assert.Equal(new string([.. text.EnumerateRunes().SelectMany(rune => rune.ToString())]), ReadCel(literal));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_literal_of_Rego_is_the_same_text_as_JSON(string text)
    {
        var literal = RegoText.Of(text);

        Assert.Matches("\\A\"([ !#-\\[\\]-~]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})*\"\\z", literal);
        if (text != "\ud800")
            Assert.Equal(text, JsonDocument.Parse(literal).RootElement.GetString());
    }

    [Fact]
    public void A_pattern_matches_its_wildcards_only()
    {
        var pattern = WildcardPattern.ToRegex("mcr.microsoft.com/oss/*+(x)");

        Assert.Matches(pattern, "mcr.microsoft.com/oss/a/b+(x)");
        Assert.DoesNotMatch(pattern, "mcrxmicrosoft.com/oss/a+(x)");
        Assert.DoesNotMatch(pattern, "evil/mcr.microsoft.com/oss/a+(x)");
        Assert.Equal("a.io/**/b:**", WildcardPattern.ToPolicyControllerGlob("a.io/**/b:*"));
    }

    [Fact]
    public void The_name_of_a_key_file_stays_in_its_comment()
    {
        var target = SampleTargets.Test with
        {
            Keys = [SampleKeys.Prod2026 with { Name = "keys/test/a\nspec: {}\r---\u2028x: y\u0085z.pub" }],
        };

        foreach (var file in SampleTargets.Generate(target))
        {
            var lines = file.Text.Split(['\n', '\r', '\u0085', '\u2028', '\u2029']);
            Assert.DoesNotContain("spec: {}", lines);
            Assert.DoesNotContain("x: y", lines);
            if (file.Path.EndsWith(".yaml", StringComparison.Ordinal))
                Assert.Equal(file.Path.Contains("controller", StringComparison.Ordinal) ? 2 : 1, Yaml.Documents(file.Text).Count);
        }
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("shop-*")]
    [InlineData("shop.x")]
    [InlineData("-shop")]
    [InlineData("")]
    public void A_namespace_is_written_in_full(string name) =>
        Assert.Equal("GAN8305", CodeOf(SampleTargets.Test with { Namespaces = [name] }));

    [Theory]
    [InlineData("*")]
    [InlineData("*.azurecr.io/a")]
    [InlineData("mcr.microsoft.com*")]
    [InlineData("library/nginx")]
    [InlineData("mcr.microsoft.com/{{ x }}")]
    [InlineData("mcr.microsoft.com/a|b")]
    [InlineData("mcr.microsoft.com/")]
    public void An_allowed_image_names_its_registry(string image) =>
        Assert.Equal("GAN8306", CodeOf(SampleTargets.Test with { Namespaces = ["shop"], AllowedImages = [image] }));

    [Fact]
    public void Other_images_are_refused_in_named_namespaces_only() =>
        Assert.Equal("GAN8306", CodeOf(SampleTargets.Test with { AllowedImages = [] }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("CN=prod")]
    [InlineData("C=DE, O=Contoso, CN=prod")]
    [InlineData("C=DE, ST=Berlin, O=, CN=prod")]
    [InlineData("C=DE, ST=Berlin, O=*, CN=prod")]
    [InlineData("C=DE, ST=Berlin, O=Contoso, GmbH")]
    [InlineData("C=DE, ST=Berlin, O=Contoso, O=Other")]
    [InlineData("C=DE, ST=Berlin, O=Contoso\nx")]
    public void A_subject_without_what_Notation_requires_is_refused(string? subject) =>
        Assert.Equal("GAN8307", CodeOf(SampleTargets.Test with { NotationSubject = subject }));

    [Theory]
    [InlineData("../ca")]
    [InlineData("")]
    [InlineData("a,tsa:b")]
    public void A_trust_store_is_the_name_of_a_folder(string store) =>
        Assert.Equal("GAN8307", CodeOf(SampleTargets.Test with { NotationTrustStore = store }));

    [Theory]
    [InlineData("../policies")]
    [InlineData("/etc")]
    [InlineData("")]
    public void A_folder_is_below_the_root(string folder) => Assert.Equal(
        "GAN8308",
        Assert.Throws<GantryException>(() => AdmissionGenerator.Generate(SampleTargets.Test, new() { Folder = folder })).Code);

    [Theory]
    [InlineData("../prod")]
    [InlineData("prod\nx")]
    [InlineData("prod.x")]
    public void An_environment_has_a_name_of_Gantry(string environment) =>
        Assert.Equal("GAN8309", CodeOf(SampleTargets.Test with { Environment = environment }));

    [Fact]
    public void Something_is_generated_or_it_is_an_error()
    {
        Assert.Equal("GAN8309", Assert.Throws<GantryException>(() =>
            AdmissionGenerator.Generate(SampleTargets.Test, new() { Engines = AdmissionEngines.None })).Code);
        Assert.Equal("GAN8303", CodeOf(SampleTargets.Test with { Repositories = [] }));
    }

    private static string CodeOf(AdmissionTarget target) =>
        Assert.Throws<GantryException>(() => SampleTargets.Generate(target)).Code;

    // Reads a literal as the specification of CEL has it, for the escapes that are written here.
    private static string ReadCel(string literal) => System.Text.RegularExpressions.Regex.Replace(
        literal[1..^1],
        @"\\(U(?<code>[0-9A-F]{8})|(?<plain>.))",
        match => match.Groups["code"] is { Success: true, Value: var code }
            ? char.ConvertFromUtf32(Convert.ToInt32(code, 16))
            : match.Groups["plain"].Value);
}
