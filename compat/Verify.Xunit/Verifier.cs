using System.Runtime.CompilerServices;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares what a test got with the file beside it.</summary>
public static class Verifier
{
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, x => x.VerifyText(ObjectText.Of(target, x.Settings), "txt"));

    public static SettingsTask Verify(Task<string> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, async x => await x.VerifyText(ObjectText.Of(await target, x.Settings), "txt"));

    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, x => x.VerifyText(target ?? "null", extension));

    public static SettingsTask Verify(
        Task<string> target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, async x => await x.VerifyText(await target, extension));

    public static SettingsTask Verify(object? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, x => x.VerifyText(ObjectText.Of(target, x.Settings), "txt"));

    public static SettingsTask Verify<T>(Task<T> target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, async x => await x.VerifyText(ObjectText.Of(await target, x.Settings), "txt"));

    public static SettingsTask Verify(
        Stream? target, string extension, VerifySettings? settings = null, object? info = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, async x =>
        {
            using var copy = new MemoryStream();
            await (target ?? throw new ArgumentNullException(nameof(target))).CopyToAsync(copy);
            return await x.VerifyBytes(copy.ToArray(), extension);
        });

    public static SettingsTask Verify(
        byte[]? target, string extension, VerifySettings? settings = null, object? info = null, [CallerFilePath] string sourceFile = "")
        => Verify(settings, sourceFile, x => x.VerifyBytes(target ?? throw new ArgumentNullException(nameof(target)), extension));

    public static SettingsTask VerifyFile(
        string path, VerifySettings? settings = null, object? info = null, string? extension = null,
        [CallerFilePath] string sourceFile = "")
        => Verify(
            settings,
            sourceFile,
            async x => await x.VerifyBytes(await File.ReadAllBytesAsync(path), extension ?? Path.GetExtension(path).TrimStart('.')));

    private static SettingsTask Verify(VerifySettings? settings, string sourceFile, Func<SnapshotComparison, Task<VerifyResult>> verify)
        => new(settings, x => verify(new SnapshotComparison(x, sourceFile, UseVerifyAttribute.GetMethod())));
}
