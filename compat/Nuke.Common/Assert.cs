using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Nuke.Common;

[DebuggerNonUserCode]
[DebuggerStepThrough]
public static class Assert
{
    public static void Fail(string message, Exception exception = null)
        => throw new Exception(message, exception);

    public static void True(
        bool condition, string message = null, [CallerArgumentExpression(nameof(condition))] string argumentExpression = null)
        => Hold(condition, message, "Expected condition to be true", argumentExpression);

    public static void False(
        bool condition, string message = null, [CallerArgumentExpression(nameof(condition))] string argumentExpression = null)
        => Hold(!condition, message, "Expected condition to be false", argumentExpression);

    public static T NotNull<T>(this T obj, string message = null, [CallerArgumentExpression(nameof(obj))] string argumentExpression = null)
        where T : class
    {
        Hold(obj != null, message, "Expected object to be not null", argumentExpression);
        return obj;
    }

    public static T? NotNull<T>(
        this T? obj, string message = null, [CallerArgumentExpression(nameof(obj))] string argumentExpression = null)
        where T : struct
    {
        Hold(obj.HasValue, message, "Expected object to be not null", argumentExpression);
        return obj;
    }

    public static string NotNullOrEmpty(
        this string str, string message = null, [CallerArgumentExpression(nameof(str))] string argumentExpression = null)
    {
        Hold(!string.IsNullOrEmpty(str), message, "Expected string to be not null or empty", argumentExpression);
        return str;
    }

    public static string NotNullOrWhiteSpace(
        this string str, string message = null, [CallerArgumentExpression(nameof(str))] string argumentExpression = null)
    {
        Hold(!string.IsNullOrWhiteSpace(str), message, "Expected string to be not null or whitespace", argumentExpression);
        return str;
    }

    public static void NotEmpty<T>(
        this IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null)
        => Hold(collection is { Count: > 0 }, message, "Expected collection to be not empty", argumentExpression);

    public static void Empty<T>(
        this IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null)
        => Hold(collection is { Count: 0 }, message, "Expected collection to be empty", argumentExpression);

    public static void HasSingleItem<T>(
        this IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null)
        => Hold(collection is { Count: 1 }, message, "Expected collection to have a single item", argumentExpression);

    public static void FileExists(
        string path, string message = null, [CallerArgumentExpression(nameof(path))] string argumentExpression = null)
        => Hold(File.Exists(path), message, $"Expected file to exist: {path}", argumentExpression);

    public static void DirectoryExists(
        string path, string message = null, [CallerArgumentExpression(nameof(path))] string argumentExpression = null)
        => Hold(Directory.Exists(path), message, $"Expected directory to exist: {path}", argumentExpression);

    // The expression is only shown where the caller gave no message of its own.
    private static void Hold(bool condition, string message, string defaultMessage, string argumentExpression)
    {
        if (!condition)
            throw new ArgumentException(message ?? defaultMessage, message == null ? argumentExpression : null);
    }
}
