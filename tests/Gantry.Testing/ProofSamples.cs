namespace Gantry.Testing;

/// <summary>
/// Bundles that tests have made, for verifiers that others wrote: with GANTRY_PROOF_SAMPLES, they are in that folder with their public key.
/// </summary>
public static class ProofSamples
{
    /// <summary>Writes <c>NAME.bundle.json</c> and <c>NAME.pub</c>, when samples are wanted.</summary>
    public static void WriteBundle(string name, ReadOnlyMemory<byte> bundle, string publicKey)
    {
        Write($"{name}.bundle.json", bundle.Span);
        Write($"{name}.pub", System.Text.Encoding.ASCII.GetBytes(publicKey));
    }

    /// <summary>Writes a file, when samples are wanted.</summary>
    public static void Write(string name, ReadOnlySpan<byte> content)
    {
        if (Environment.GetEnvironmentVariable("GANTRY_PROOF_SAMPLES") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), content);
    }
}
