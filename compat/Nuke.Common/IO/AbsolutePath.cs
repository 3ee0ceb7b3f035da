using System.ComponentModel;
using System.Globalization;
using Nuke.Common.Utilities;

namespace Nuke.Common.IO;

public interface IAbsolutePathHolder
{
    AbsolutePath Path { get; }
}

/// <summary>A rooted, normalized path without a trailing separator.</summary>
[TypeConverter(typeof(TypeConverter))]
public class AbsolutePath : IAbsolutePathHolder, IFormattable
{
    public const string DoubleQuote = "d";
    public const string DoubleQuoteIfNeeded = "dn";
    public const string SingleQuote = "s";
    public const string SingleQuoteIfNeeded = "sn";
    public const string NoQuotes = "nq";

    private static readonly StringComparer s_comparer = OperatingSystem.IsWindows()
        ? StringComparer.OrdinalIgnoreCase
        : StringComparer.Ordinal;

    private readonly string _path;

    private AbsolutePath(string path)
    {
        var fullPath = System.IO.Path.GetFullPath(path);
        _path = System.IO.Path.TrimEndingDirectorySeparator(fullPath);
    }

    public static AbsolutePath Create(string path) => path;

    AbsolutePath IAbsolutePathHolder.Path => this;

    public string Name => System.IO.Path.GetFileName(_path);
    public string NameWithoutExtension => System.IO.Path.GetFileNameWithoutExtension(_path);
    public string Extension => System.IO.Path.GetExtension(_path);
    public AbsolutePath Parent => System.IO.Path.GetDirectoryName(_path);

    public static implicit operator AbsolutePath(string path)
    {
        if (path == null)
            return null;

        Assert.True(System.IO.Path.IsPathRooted(path), $"Path '{path}' must be rooted");
        return new AbsolutePath(path);
    }

    public static implicit operator string(AbsolutePath path) => path?._path;

    // What is appended stays below, also when it starts with a separator.
    public static AbsolutePath operator /(AbsolutePath left, string right)
        => right is null
            ? left.NotNull()
            : new AbsolutePath(System.IO.Path.Join(left.NotNull()._path, OperatingSystem.IsWindows() ? right : right.Replace('\\', '/')));

    public static AbsolutePath operator /(AbsolutePath left, Range range)
    {
        Assert.True(range.Equals(Range.All), "Only '..' goes to the parent directory");
        return left.Parent;
    }

    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left._path + right);

    public static bool operator ==(AbsolutePath a, AbsolutePath b) => Equals(a, b);
    public static bool operator !=(AbsolutePath a, AbsolutePath b) => !Equals(a, b);

    protected bool Equals(AbsolutePath other) => s_comparer.Equals(_path, other?._path);
    public override bool Equals(object obj) => obj is AbsolutePath other && Equals(other);
    public override int GetHashCode() => s_comparer.GetHashCode(_path);

    public override string ToString() => _path;

    public string ToString(string format) => ((IFormattable)this).ToString(format, null);

    string IFormattable.ToString(string format, IFormatProvider formatProvider)
        => format switch
        {
            DoubleQuote => _path.DoubleQuote(),
            DoubleQuoteIfNeeded => _path.DoubleQuoteIfNeeded(),
            SingleQuote => _path.SingleQuote(),
            SingleQuoteIfNeeded => _path.SingleQuoteIfNeeded(),
            null or "" or NoQuotes => _path,
            _ => throw new ArgumentException($"Format '{format}' is not recognized", nameof(format))
        };

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType)
            => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
            => value switch
            {
                null => null,
                string path => System.IO.Path.IsPathRooted(path) ? (AbsolutePath)path : EnvironmentInfo.WorkingDirectory / path,
                _ => base.ConvertFrom(context, culture, value)
            };
    }
}
