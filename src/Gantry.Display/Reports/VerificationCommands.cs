using System.Buffers;
using Gantry.Attestations;
using Gantry.Oci;
using Gantry.Status;

namespace Gantry.Display.Reports;

/// <summary>The commands with which anyone verifies that an image was promoted to its place, without trusting this page.</summary>
internal static class VerificationCommands
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-");

    /// <summary>Returns the command of Gantry for exactly this image; null when nothing is there.</summary>
    public static string? Gantry(StatusCell cell) => cell.Digest is { } digest
        ? $"gantry verify --policy {Quote(cell.Target.Environment.Name)} {Quote($"{cell.Target.Address.Describe(cell.Image)}@{digest}")}"
        : null;

    /// <summary>
    /// Returns the command of cosign for exactly this image; null when it is not signed, or in a folder, which cosign does not read.
    /// </summary>
    /// <param name="cell">The image at its place.</param>
    /// <param name="policyFile">The file that compares the place; null for none.</param>
    public static string? Cosign(StatusCell cell, string? policyFile)
    {
        if (cell is not { Digest: { } digest, Signature: SignatureState.Signed, Promotion.Signature.Key.Name: var key }
            || cell.Target.Address is not HostAddress)
            return null;
        var policy = policyFile is null ? "" : $" --policy {Quote(policyFile)}";
        return $"cosign verify-attestation --key {Quote(key)} --insecure-ignore-tlog --type {PredicateTypes.VerificationSummary}{policy} "
            + Quote($"{cell.Target.Address.Describe(cell.Image)}@{digest}");
    }

    // A name in a command of a shell (POSIX, section 2.2.2): nothing in single quotes means anything but a single quote.
    private static string Quote(string text) => text.Length > 0 && text[0] != '-' && !text.AsSpan().ContainsAnyExcept(s_plain)
        ? text
        : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
