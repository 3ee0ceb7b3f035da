using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Signing;

namespace Gantry.Tests.Attestations;

/// <summary>Statements about one image.</summary>
internal static class SampleStatements
{
    public const string PredicateType = "https://example.com/tested/v1";

    /// <summary>Gets the digest of the image.</summary>
    public static Digest Image { get; } = Digest.Of("image"u8);

    public static byte[] Write(string result = "passed", string predicateType = PredicateType) => Statement.Write(
        new StatementSubject("contoso.azurecr.io/app", Image),
        predicateType,
        System.Text.Encoding.UTF8.GetBytes($$"""{"result":"{{result}}"}"""));

    public static Task<SigstoreBundle> SignAsync(ISigner signer, string result = "passed", string predicateType = PredicateType) =>
        SigstoreBundle.SignAsync(Write(result, predicateType), signer, CancellationToken.None);
}
