using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>A text out of a set that can be extended, one static field each.</summary>
public abstract class Enumeration
{
    protected string Value { get; set; }

    public static implicit operator string(Enumeration value) => value?.Value;

    public static bool operator ==(Enumeration a, Enumeration b) => object.Equals(a, b);
    public static bool operator !=(Enumeration a, Enumeration b) => !object.Equals(a, b);

    protected bool Equals(Enumeration other) => Value == other?.Value;
    public override bool Equals(object obj) => obj?.GetType() == GetType() && Equals((Enumeration)obj);
    public override int GetHashCode() => Value?.GetHashCode(StringComparison.Ordinal) ?? 0;
    public override string ToString() => Value.NotNull();

    public class TypeConverter<T> : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType)
            => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string text)
                return base.ConvertFrom(context, culture, value);

            var fields = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static);
            var field = fields.SingleOrDefault(x => x.Name.EqualsOrdinalIgnoreCase(text));
            return field != null ? field.GetValue(null) : throw new InvalidChoiceException(fields.Select(x => x.Name));
        }
    }
}
