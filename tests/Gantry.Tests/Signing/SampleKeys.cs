using System.Security.Cryptography;
using Gantry.Signing;

namespace Gantry.Tests.Signing;

/// <summary>Keys, and what is signed with them.</summary>
internal static class SampleKeys
{
    /// <summary>Gets the digest of what is signed.</summary>
    public static byte[] Digest { get; } = SHA256.HashData("what is signed"u8);

    public static ECDsa Create() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Creates a signer with a new key.</summary>
    public static PemSigner CreateSigner(string description = "the key of the test")
    {
        using var key = Create();
        return PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), password: null, description);
    }

    /// <summary>Returns the error that an action throws.</summary>
    public static GantryException Fails(string code, Action action)
    {
        var error = Assert.Throws<GantryException>(action);
        Assert.Equal(code, error.Code);
        return error;
    }

    /// <summary>Returns the error that an action throws.</summary>
    public static async Task<GantryException> FailsAsync(string code, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<GantryException>(action);
        Assert.Equal(code, error.Code);
        return error;
    }
}
