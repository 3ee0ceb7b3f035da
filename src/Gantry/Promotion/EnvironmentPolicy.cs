using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>
/// The declaration of an environment as bytes, whose digest an attestation names: two promotions with the same digest had the same order,
/// gates and keys.
/// </summary>
internal static class EnvironmentPolicy
{
    /// <summary>Returns the reference to the policy of an environment.</summary>
    /// <param name="target">A registry of the environment.</param>
    /// <param name="source">Where the declaration is; null when it is not known.</param>
    public static ResourceDescriptor Describe(PromotionTarget target, PolicySource? source)
    {
        var digests = new Dictionary<string, string> { ["sha256"] = Digest.Of(Canonicalize(target)).Hex };
        if (source?.Commit is { } commit)
            digests["gitCommit"] = commit;
        return new ResourceDescriptor
        {
            Uri = $"{source?.Uri ?? PredicateTypes.Declaration}#environment={target.Environment.Name}",
            Digest = digests,
        };
    }

    /// <summary>Serializes the declaration without white space, every list in the order of the declaration.</summary>
    public static byte[] Canonicalize(PromotionTarget target)
    {
        var environment = target.Environment;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("environment", environment.Name);
            if (environment.After is { } before)
                json.WriteString("after", before.Name);
            Write(json, "regions", environment.Regions);
            if (environment.Waves.Count > 0)
            {
                // Without waves, the digest is what it was before there were any.
                Write(json, "waves", environment.Waves.Select(wave => string.Join(' ', wave)));
                json.WriteString("pauseBetweenWaves", environment.PauseBetweenWaves.ToString());
            }

            Write(json, "gates", environment.Gates.Select(gate => gate.Description));
            Write(json, "deployments", environment.Deployments.Select(deployment => deployment.Description));
            Write(json, "healthChecks", environment.HealthChecks.Select(check => check.Description));
            json.WriteString("lock", environment.Lock.ToString());
            json.WriteBoolean("requireSigned", environment.RequireSigned);
            json.WriteString("verifier", target.Trust?.VerifierId);
            Write(json, "keys", (target.Trust?.Keys ?? []).Where(key => key.Revoked is null).Select(key => key.Key.Id)
                .Order(StringComparer.Ordinal));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}

/// <summary>The sources that declare the environments of a build.</summary>
/// <param name="Uri">The repository with its commit: <c>git+https://dev.azure.com/contoso/shop/_git/shop@0123…</c>.</param>
/// <param name="Commit">The commit, in full; null when the declaration differs from it.</param>
public sealed record PolicySource(string Uri, string? Commit);
