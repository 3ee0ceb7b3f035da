using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// What someone does who may push to the registry of dev, so that a release could go to test that was not promoted to dev, or not so. Each
/// starts from a release that is in dev.
/// </summary>
internal static class Attacks
{
    public static IReadOnlyDictionary<string, Attack> All { get; } = new Dictionary<string, Attack>
    {
        ["stripped"] = new("GAN4201", static (at, _) => at.StripAsync()),
        ["a record of the unsigned kind"] = new("GAN4211", UnsignedRecordAsync),
        ["forged with another key"] = new("GAN4204", (at, _) => at.ReplaceAsync(at.House.AttackerKey, summary => summary)),
        ["signed with the key of the build"] = new("GAN4204", (at, _) => at.ReplaceAsync(at.House.BuildKey, summary => summary)),
        ["signed with the key of the next environment"] = new("GAN4204", (at, _) => at.ReplaceAsync(at.House.TestKey, summary => summary)),
        ["signed with a revoked key"] = new("GAN4205", static (at, _) =>
        {
            at.House.DevKeys = key => [key with { Revoked = "leaked" }];
            return Task.CompletedTask;
        }),
        ["signed with a key before its time"] = new("GAN4206", static (at, _) =>
        {
            at.House.DevKeys = key => [key with { From = at.House.Time.GetUtcNow().AddDays(1) }];
            return Task.CompletedTask;
        }),
        ["signed with a key after its time"] = new("GAN4206", static (at, _) =>
        {
            at.House.DevKeys = key => [key with { Until = at.House.Time.GetUtcNow().AddDays(-1) }];
            return Task.CompletedTask;
        }),
        ["from the future"] = new("GAN4207", (at, _) => at.ReplaceAsync(at.House.DevKey, summary =>
            summary with { TimeVerified = at.House.Time.GetUtcNow().AddHours(1) })),
        ["of ancient times"] = new("GAN4059", (at, _) => at.ReplaceAsync(at.House.DevKey, summary => summary with
        {
            TimeVerified = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero),
            Record = summary.Record with { Promoted = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero) },
        })),
        ["for another repository"] = new("GAN4203", (at, _) => at.ReplaceAsync(at.House.DevKey, summary => summary with
        {
            ResourceUri = "oci://dev.example/app",
        })),
        ["for another image of the same release"] = new("GAN4203", (at, _) => at.ReplaceAsync(at.House.DevKey, summary => summary with
        {
            ResourceUri = summary.ResourceUri.Replace("/app", "/worker", StringComparison.Ordinal),
            Record = summary.Record with { Image = "worker" },
        })),
        ["for another environment"] = new("GAN4210", (at, _) => at.ReplaceAsync(
            at.House.DevKey, summary => summary with { Record = summary.Record with { Environment = "qa" } }, keepAnnotations: true)),
        ["for another region"] = new("GAN4210", (at, _) => at.ReplaceAsync(
            at.House.DevKey, summary => summary with { Record = summary.Record with { Region = "west" } }, keepAnnotations: true)),
        ["by another verifier"] = new("GAN4204", (at, _) => at.ReplaceAsync(at.House.DevKey, summary => summary with
        {
            Verifier = summary.Verifier with { Id = "https://example.com/verifier" },
        })),
        ["about another digest"] = new("GAN4202", (at, _) => at.ReplaceAsync(
            at.House.DevKey, summary => summary, about: Digest.Of("another image"u8))),
        ["swapped with the one of another image"] = new("GAN4202", SwapAsync),
        ["the newest removed and an older one attached again"] = new("GAN4202", AttachOlderAsync),
        ["withdrawn"] = new("GAN4208", WithdrawAsync),
        ["two signatures"] = new("GAN4209", (at, _) => at.ChangeAsync(json =>
            json["dsseEnvelope"]!["signatures"]!.AsArray().Add(json["dsseEnvelope"]!["signatures"]![0]!.DeepClone()))),
        ["no signature"] = new("GAN4209", (at, _) => at.ChangeAsync(json => json["dsseEnvelope"]!["signatures"]!.AsArray().Clear())),
        ["an unknown field of the bundle"] = new("GAN4209", (at, _) => at.ChangeAsync(json => json["unknown"] = true)),
        ["an unknown field of the envelope"] = new("GAN4209", (at, _) => at.ChangeAsync(json => json["dsseEnvelope"]!["unknown"] = true)),
        ["a later version of the bundle"] = new("GAN4209", (at, _) => at.ChangeAsync(json =>
            json["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.4+json")),
        ["another type of payload"] = new("GAN4209", (at, _) => at.ChangeAsync(json =>
            json["dsseEnvelope"]!["payloadType"] = "text/plain")),
        ["a payload that changed by a byte"] = new("GAN4204", (at, _) => at.ChangeAsync(json => json["dsseEnvelope"]!["payload"] =
            Convert.ToBase64String(Flip(Convert.FromBase64String((string)json["dsseEnvelope"]!["payload"]!))))),
        ["r and s instead of DER"] = new("GAN4204", (at, _) => at.ChangeAsync(json => json["dsseEnvelope"]!["signatures"]![0]!["sig"] =
            Convert.ToBase64String(ToP1363(Convert.FromBase64String((string)json["dsseEnvelope"]!["signatures"]![0]!["sig"]!))))),
        ["an unknown property of the promotion"] = new("GAN4209", UnknownPropertyAsync),
        ["no JSON"] = new("GAN4209", (at, _) => at.PutAsync("not JSON"u8.ToArray())),
        ["a huge bundle"] = new("GAN4209", (at, _) => at.PutAsync(new byte[Limits.AttestationBytes + 1])),
    };

    private static async Task UnsignedRecordAsync(AttackedRelease at, Release release)
    {
        var record = (await at.House.SummaryAsync(release)).Record;
        await at.StripAsync();
        await PromotionReferrer.PutAsync(
            at.Repository, record with { Schema = PromotionRecord.SchemaWithoutLinks, Previous = null }, at.Image.Descriptor, default);
    }

    private static async Task SwapAsync(AttackedRelease at, Release release)
    {
        var other = release.Images.Single(image => image.Name == "worker");
        var foreign = (await at.House.PromotionsAsync("dev", other.Digest, "worker"))[0];
        await at.PutAsync(foreign.Bundle.Bytes.ToArray());
    }

    private static async Task AttachOlderAsync(AttackedRelease at, Release release)
    {
        var older = await at.House.PromotedToDevAsync("0.9.0", goBack: "an attack");
        var promotion = (await at.House.PromotionsAsync("dev", older.Images[0].Digest))[0];
        await at.PutAsync(promotion.Bundle.Bytes.ToArray());
    }

    private static async Task WithdrawAsync(AttackedRelease at, Release release)
    {
        var summary = await at.House.SummaryAsync(release);
        at.House.Time.Advance(TimeSpan.FromMinutes(1));
        await at.Repository.PutAsync(
            summary with
            {
                TimeVerified = at.House.Time.GetUtcNow(),
                VerificationResult = VerificationSummary.Failed,
                VerifiedLevels = [VerificationSummary.Failed],
            },
            at.Image.Descriptor,
            at.House.DevKey);
    }

    private static async Task UnknownPropertyAsync(AttackedRelease at, Release release)
    {
        var summary = await at.House.SummaryAsync(release);
        var predicate = JsonNode.Parse(summary.ToJson())!;
        predicate[PredicateTypes.Promotion]!["approvedByEveryone"] = true;
        var statement = Statement.Write(
            new StatementSubject("app", at.Image.Digest), PredicateTypes.VerificationSummary,
            System.Text.Encoding.UTF8.GetBytes(predicate.ToJsonString()));
        var bundle = await SigstoreBundle.SignAsync(statement, at.House.DevKey, default);
        await at.PutAsync(bundle.Bytes.ToArray());
    }

    private static byte[] Flip(byte[] payload)
    {
        var text = System.Text.Encoding.UTF8.GetString(payload);
        return System.Text.Encoding.UTF8.GetBytes(text.Replace("PASSED", "PASSEd", StringComparison.Ordinal));
    }

    // The DER of a signature is a sequence of two integers.
    private static byte[] ToP1363(byte[] der)
    {
        var sequence = new System.Formats.Asn1.AsnReader(der, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        return [.. Fixed(sequence.ReadInteger()), .. Fixed(sequence.ReadInteger())];

        static byte[] Fixed(System.Numerics.BigInteger number)
        {
            var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[32 - bytes.Length], .. bytes];
        }
    }
}

/// <summary>An attack.</summary>
/// <param name="Code">The code of the error with which the next promotion fails.</param>
/// <param name="RunAsync">Carries it out.</param>
internal sealed record Attack(string Code, Func<AttackedRelease, Release, Task> RunAsync);

/// <summary>The image <c>app</c> of a release in dev, which is attacked.</summary>
internal sealed class AttackedRelease(Stores stores, SignedHouse house, ReleaseImage image)
{
    public SignedHouse House => house;

    public ReleaseImage Image => image;

    public IImageRepository Repository => house.Open("dev");

    /// <summary>Removes the signed promotions.</summary>
    public Task StripAsync() => stores.StripAsync(Repository, image.Digest, IsPromotion);

    /// <summary>Removes the signed promotions, and puts one in their place that someone else describes or signs.</summary>
    public async Task ReplaceAsync(
        ISigner signer, Func<VerificationSummary, VerificationSummary> change, Digest? about = null, bool keepAnnotations = false)
    {
        var genuine = (await house.PromotionsAsync("dev", image.Digest))[0];
        var summary = VerificationSummary.Read(genuine);
        await StripAsync();
        var (bundle, manifest) = await PromotionAttestor.SignAsync(
            change(summary), about is { } other ? image.Descriptor with { Digest = other } : image.Descriptor, signer, default);
        var annotations = keepAnnotations ? genuine.Referrer.Annotations! : manifest.ReadManifest().Annotations!;
        await Repository.PutAsync(bundle.Bytes.ToArray(), image.Descriptor, annotations);
    }

    /// <summary>Replaces the signed promotion by one whose bundle has changed.</summary>
    public async Task ChangeAsync(Action<JsonObject> change)
    {
        var genuine = (await house.PromotionsAsync("dev", image.Digest))[0];
        await PutAsync(genuine.Bundle.Change(change));
    }

    /// <summary>Replaces the signed promotion by other bytes, under the same annotations.</summary>
    public async Task PutAsync(byte[] bundle)
    {
        var annotations = (await house.PromotionsAsync("dev", image.Digest))[0].Referrer.Annotations!;
        await StripAsync();
        await Repository.PutAsync(bundle, image.Descriptor, annotations);
    }

    private static bool IsPromotion(Descriptor referrer) =>
        referrer.Annotations?.ContainsKey(PromotionReferrer.EnvironmentAnnotation) == true;
}
