using Gantry.Admission.Tests.Fixtures;
using Gantry.Signing;

namespace Gantry.Admission.Tests;

/// <summary>Which keys a cluster accepts, while one key takes the place of another.</summary>
public class KeyTests
{
    private static readonly TrustedKey s_revoked = SampleKeys.Prod2026 with { Revoked = "the laptop was stolen" };

    public static TheoryData<AdmissionEngines> EnginesWithKeys =>
    [
        AdmissionEngines.KyvernoBundle, AdmissionEngines.KyvernoImageValidating, AdmissionEngines.KyvernoTags,
        AdmissionEngines.PolicyController,
    ];

    [Theory]
    [MemberData(nameof(EnginesWithKeys))]
    public void A_revoked_key_is_in_no_policy(AdmissionEngines engine)
    {
        var file = SampleTargets.Generate(SampleTargets.Test with { Keys = [s_revoked, SampleKeys.Prod2027] }, engine);

        Assert.False(HasKey(file, SampleKeys.Prod2026));
        Assert.True(HasKey(file, SampleKeys.Prod2027));
    }

    [Theory]
    [MemberData(nameof(EnginesWithKeys))]
    public void A_key_that_is_revoked_in_one_file_is_revoked_in_all(AdmissionEngines engine)
    {
        var keys = new[] { SampleKeys.Prod2026 with { Name = "keys/prod/copy.pub" }, s_revoked, SampleKeys.Prod2027 };

        Assert.False(HasKey(SampleTargets.Generate(SampleTargets.Test with { Keys = keys }, engine), SampleKeys.Prod2026));
    }

    [Theory]
    [MemberData(nameof(EnginesWithKeys))]
    public void Earlier_and_later_keys_stay_whatever_their_dates_are(AdmissionEngines engine)
    {
        var file = SampleTargets.Generate(
            SampleTargets.Test with
            {
                Keys =
                [
                    SampleKeys.Prod2026 with { Until = DateTimeOffset.UnixEpoch },
                    SampleKeys.Prod2027 with { From = DateTimeOffset.MaxValue },
                ],
            },
            engine);

        Assert.True(HasKey(file, SampleKeys.Prod2026));
        Assert.True(HasKey(file, SampleKeys.Prod2027));
        Assert.Contains("until 1970-01-01T00:00:00Z, which a cluster does not verify", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_two_files_is_there_once()
    {
        var keys = new[] { SampleKeys.Prod2026, SampleKeys.Prod2026 with { Name = "keys/prod/copy.pub" } };
        var file = SampleTargets.Generate(SampleTargets.Test with { Keys = keys }, AdmissionEngines.KyvernoImageValidating);

        Assert.Single(Assert.Single(Yaml.Documents(file.Text)).ItemsAt("spec.attestors"));
    }

    [Fact]
    public void One_of_the_keys_is_enough_for_an_image_validating_policy()
    {
        var file = SampleTargets.Generate(SampleTargets.Prod, AdmissionEngines.KyvernoImageValidating);

        Assert.Contains(
            "verifyAttestationSignatures(image, attestations.promotion, [attestors.key1, attestors.key2]) > 0",
            Assert.Single(Yaml.Documents(file.Text)).TextAt("spec.validations.0.expression"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_that_counts_there_is_no_policy()
    {
        Assert.Equal("GAN8300", CodeOf([]));
        Assert.Equal("GAN8300", CodeOf([s_revoked]));

        static string CodeOf(IReadOnlyList<TrustedKey> keys) => Assert.Throws<GantryException>(() =>
            SampleTargets.Generate(SampleTargets.Test with { Keys = keys }, AdmissionEngines.KyvernoBundle)).Code;
    }

    [Fact]
    public void Notation_needs_no_key() =>
        Assert.NotEmpty(SampleTargets.Generate(SampleTargets.Test with { Keys = [] }, AdmissionEngines.Notation).Text);

    private static bool HasKey(AdmissionFile file, TrustedKey key) =>
        file.Text.Contains(key.Key.ToPem().Split('\n')[1], StringComparison.Ordinal);
}
