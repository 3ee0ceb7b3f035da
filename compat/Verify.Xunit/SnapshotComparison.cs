using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>
/// Compares with <c>Class.Method.verified.txt</c> beside the test, and writes <c>Class.Method.received.txt</c> where it differs.
/// </summary>
internal sealed class SnapshotComparison(VerifySettings settings, string sourceFile, MethodInfo method)
{
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    public VerifySettings Settings => settings;

    public async Task<VerifyResult> VerifyText(string text, string extension)
    {
        var received = new StringBuilder(text.TrimStart('\uFEFF'));
        settings.Scrub(received);
        received.Replace("\r\n", "\n").Replace('\r', '\n');
        RejectMachinePaths(received.ToString());
        return await Compare(received.ToString(), extension);
    }

    public async Task<VerifyResult> VerifyBytes(byte[] received, string extension)
    {
        if (IsText(extension))
            return await VerifyText(Encoding.UTF8.GetString(received), extension);

        var (receivedFile, verifiedFile) = GetFiles(extension);
        var verified = File.Exists(verifiedFile) ? await File.ReadAllBytesAsync(verifiedFile) : null;
        if (verified != null && received.AsSpan().SequenceEqual(verified))
            return Accept(receivedFile, verifiedFile);

        await File.WriteAllBytesAsync(receivedFile, received);
        throw new VerifyException(verified != null
            ? $"{Header(receivedFile, verifiedFile, "NotEqual")}{received.Length} bytes were received, which differ"
            : $"{Header(receivedFile, verifiedFile, "New")}{received.Length} bytes were received");
    }

    private async Task<VerifyResult> Compare(string received, string extension)
    {
        var (receivedFile, verifiedFile) = GetFiles(extension);
        var verified = File.Exists(verifiedFile) ? (await File.ReadAllTextAsync(verifiedFile)).Replace("\r\n", "\n") : null;
        // Editors end the file with a line break, which is no difference.
        if (verified == received || verified == received + "\n")
            return Accept(receivedFile, verifiedFile);

        await File.WriteAllTextAsync(receivedFile, received, s_encoding);
        throw new VerifyException(verified == null
            ? Header(receivedFile, verifiedFile, "New") + received
            : Header(receivedFile, verifiedFile, "NotEqual") + TextDifference.Format(verified, received));
    }

    private static VerifyResult Accept(string receivedFile, string verifiedFile)
    {
        File.Delete(receivedFile);
        return new VerifyResult(verifiedFile);
    }

    private static string Header(string receivedFile, string verifiedFile, string what)
        => $"Directory: {Path.GetDirectoryName(verifiedFile)}\n{what}:\n" +
           $"  - Received: {Path.GetFileName(receivedFile)}\n    Verified: {Path.GetFileName(verifiedFile)}\n\n";

    private (string Received, string Verified) GetFiles(string extension)
    {
        var directory = Path.GetDirectoryName(sourceFile)!;
        if (settings.Directory != null)
            directory = Path.GetFullPath(Path.Combine(directory, settings.Directory));
        Directory.CreateDirectory(directory);

        var prefix = Path.Combine(directory, settings.FileName ?? GetName());
        return ($"{prefix}.received.{extension}", $"{prefix}.verified.{extension}");
    }

    private string GetName()
    {
        var type = method.ReflectedType!;
        var typeName = settings.TypeName ?? (type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name);
        return $"{typeName}.{settings.MethodName ?? method.Name}{GetParameters()}";
    }

    private string GetParameters()
    {
        if (settings.TextForParameters is { } text)
            return $"_{text}";

        var names = method.GetParameters().Select(x => x.Name).ToList();
        if (names.Count == 0)
            return string.Empty;
        if (settings.Parameters is not { } values)
        {
            throw new VerifyException(
                $"Test '{method.Name}' has parameters: say which by UseParameters(...), for each run needs a file of its own.");
        }

        if (values.Length > names.Count)
            throw new VerifyException($"Test '{method.Name}' has {names.Count} parameters, of which {values.Length} were used.");
        return string.Concat(names.Zip(values, (name, value) => $"_{name}={Format(value)}"));
    }

    private static string Format(object? value)
        => value switch
        {
            null => "null",
            string text => Valid(text),
            IEnumerable items => string.Join(',', items.Cast<object?>().Select(Format)),
            IFormattable formattable => Valid(formattable.ToString(null, CultureInfo.InvariantCulture)),
            _ => Valid(value.ToString()!)
        };

    // The same on every system, so that a snapshot of one is found on the other.
    private static string Valid(string name)
        => string.Concat(name.Select(x => x < 32 || "\"<>|:*?\\/".Contains(x) ? '-' : x));

    private static bool IsText(string extension)
        => extension is "txt" or "json" or "xml" or "yml" or "yaml" or "md" or "html" or "svg" or "csv" or "cs" or "sh" or "ps1";

    // Verify puts placeholders in place of paths. Here tests are asked to, or else the snapshot would only be right in one folder.
    private void RejectMachinePaths(string text)
    {
        for (var directory = Path.GetDirectoryName(sourceFile); directory != null; directory = Path.GetDirectoryName(directory))
        {
            if (!Directory.EnumerateFiles(directory, "*.csproj").Any())
                continue;
            if (!text.Contains(directory, StringComparison.Ordinal))
                return;
            throw new VerifyException(
                $"The text contains the folder '{directory}': replace it by AddScrubber(...), for it differs from machine to machine.");
        }
    }
}

internal sealed class VerifyException(string message) : Exception(message);
