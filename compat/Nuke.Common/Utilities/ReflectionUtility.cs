using System.ComponentModel;
using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Utilities;

public static class ReflectionUtility
{
    public const BindingFlags All = Static | Instance | BindingFlags.FlattenHierarchy;
    public const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    public const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static T Convert<T>(string value) => (T)Convert(value, typeof(T));

    public static object Convert(object value, Type destinationType)
    {
        if (destinationType.IsInstanceOfType(value) || (destinationType == typeof(string) && value == null))
            return value;

        try
        {
            return TypeDescriptor.GetConverter(destinationType).ConvertFromInvariantString(value?.ToString());
        }
        catch (Exception exception)
        {
            if (destinationType.GetScalarType() is { IsEnum: true } enumType)
                exception = new InvalidChoiceException(enumType.GetEnumNames());
            var choices = exception is InvalidChoiceException ? $": {exception.Message}" : string.Empty;
            Assert.Fail($"Value '{value}' could not be converted to '{destinationType.GetDisplayShortName()}'{choices}");
            return null;
        }
    }

    public static object Convert(string value, Type destinationType, char? separator, bool booleanDefault)
    {
        var values = (separator is { } character && character != default ? value.Split(character) : [value])
            .Where(x => !string.IsNullOrWhiteSpace(x))
            .ToArray();
        return Convert(values, destinationType, booleanDefault);
    }

    public static object Convert(IReadOnlyCollection<string> values, Type destinationType, bool booleanDefault)
    {
        if (destinationType.IsArray)
        {
            var elementType = destinationType.GetElementType();
            var array = Array.CreateInstance(elementType, values.Count);
            foreach (var (index, value) in values.Index())
                array.SetValue(Convert(value, elementType), index);
            return array;
        }

        if (values.Count == 0)
            return destinationType == typeof(bool) || destinationType == typeof(bool?) ? booleanDefault : null;

        Assert.HasSingleItem(
            values, $"Value [ {values.JoinCommaSpace()} ] cannot be assigned to '{destinationType.GetDisplayShortName()}'");
        return Convert(values.Single(), destinationType);
    }

    public static object GetDefaultValue(this Type type)
        => type.IsNullableType() ? null : Activator.CreateInstance(type);

    public static bool IsNullableType(this Type type)
        => !type.IsValueType || Nullable.GetUnderlyingType(type) != null;

    public static Type GetNullableType(this Type type)
        => type.IsNullableType() ? type : typeof(Nullable<>).MakeGenericType(type);

    public static bool IsCollectionLike(this Type type)
        => type != typeof(string) &&
           type.GetInterfaces().Append(type).Any(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(IEnumerable<>));

    public static Type GetScalarType(this Type type)
        => Nullable.GetUnderlyingType(type)
           ?? (type.IsArray ? type.GetElementType()
               : type.IsCollectionLike() ? type.GetGenericArguments().Single()
               : type);

    public static bool HasCustomAttribute<T>(this MemberInfo member)
        where T : Attribute
        => member.IsDefined(typeof(T), inherit: true);

    public static bool IsExplicit(this MemberInfo member) => member.Name.Contains('.');

    public static bool IsPublic(this MemberInfo member)
        => member switch
        {
            FieldInfo field => field.IsPublic,
            PropertyInfo property => (property.GetMethod ?? property.SetMethod)!.IsPublic,
            MethodBase method => method.IsPublic,
            Type type => type.IsPublic,
            _ => throw new NotSupportedException(member.ToString())
        };

    /// <summary>
    /// The member of the class that implements a component's member, in public or explicitly; the component's own when none does.
    /// </summary>
    public static MemberInfo GetImplementedOrInterfaceMember(this MemberInfo member, Type classType)
    {
        if (member.DeclaringType == classType)
            return member;

        var explicitName = $"{member.DeclaringType!.FullName!.Replace('+', '.')}.{member.Name}";
        return classType.GetMember(member.Name).SingleOrDefault()
               ?? classType.GetMember(explicitName, Instance).SingleOrDefault()
               ?? member;
    }

    /// <summary>
    /// The members of a class and of its components. A public member of the class takes the place of those of components with its name;
    /// one that a component implements explicitly has another name, and stays beside it.
    /// </summary>
    public static IEnumerable<MemberInfo> GetAllMembers(
        this Type type,
        Func<MemberInfo, bool> filter,
        BindingFlags bindingFlags,
        bool allowAmbiguity,
        bool filterQuasiOverridden = false)
    {
        var own = type.GetMembers(bindingFlags).Where(filter).Where(x => !x.IsExplicit()).ToList();
        var components = type.GetInterfaces()
            .SelectMany(x => x.GetMembers(bindingFlags))
            .Where(filter)
            .Where(x => type.GetMember(x.Name).Length == 0)
            .GroupBy(x => x.GetDisplayShortName(), StringComparer.Ordinal)
            .ToList();

        var replaced = new List<MemberInfo>();
        foreach (var group in components)
        {
            var member = own.FirstOrDefault(x => x.Name == group.Key);
            if (filterQuasiOverridden && member == null && Redeclared(group) is { Count: > 0 } redeclared)
            {
                replaced.AddRange(redeclared);
                continue;
            }

            Assert.True(allowAmbiguity || group.Count() == 1 || member != null,
                Sentence(group, "must be implemented explicitly because it is inherited from multiple interfaces:"));
            Assert.True(allowAmbiguity || member == null || member.IsPublic(),
                Sentence(group, "must be marked public to override inherited member from:"));
        }

        return own
            .Concat(components.SelectMany(x => x).Select(x => x.GetImplementedOrInterfaceMember(type)))
            .Except(replaced)
            .Where(filter)
            .ToList();

        static string Sentence(IGrouping<string, MemberInfo> group, string problem) => group
            .Select(x => $" - {x.DeclaringType!.Name}")
            .Prepend($"{group.First().MemberType} '{group.Key}' {problem}")
            .JoinNewLine();
    }

    // All but the last, where one component declares a member and the others derive from it.
    private static List<MemberInfo> Redeclared(IEnumerable<MemberInfo> members)
    {
        var baseFirst = members.OrderBy(x => members.Count(y => y.DeclaringType!.IsAssignableFrom(x.DeclaringType))).ToList();
        return baseFirst.TrueForAll(x => baseFirst[0].DeclaringType!.IsAssignableFrom(x.DeclaringType)) ? baseFirst[..^1] : [];
    }

    public static Type GetMemberType(this MemberInfo member)
        => member switch
        {
            FieldInfo field => field.FieldType,
            PropertyInfo property => property.PropertyType,
            MethodInfo method => method.ReturnType,
            _ => throw new NotSupportedException(member.ToString())
        };

    public static object GetValue(this MemberInfo member, object obj = null, object[] args = null)
        => member switch
        {
            FieldInfo field => field.GetValue(field.IsStatic ? null : obj),
            PropertyInfo property => property.GetValue(obj, BindingFlags.DoNotWrapExceptions, null, args, null),
            MethodInfo method => method.Invoke(obj, BindingFlags.DoNotWrapExceptions, null, args, null),
            _ => throw new NotSupportedException(member.ToString())
        };

    public static T GetValue<T>(this MemberInfo member, object obj = null, object[] args = null)
        => (T)member.GetValue(obj, args);

    public static void SetValue(this MemberInfo member, object instance, object value)
    {
        switch (member)
        {
            case FieldInfo field:
                field.SetValue(field.IsStatic ? null : instance, value);
                break;
            case PropertyInfo { SetMethod: not null } property:
                property.SetValue(instance, value);
                break;
            case PropertyInfo property:
                property.DeclaringType!
                    .GetField($"<{property.Name}>k__BackingField", Instance | Static)
                    .NotNull($"Property '{property.GetDisplayName()}' has neither a setter nor a backing field")
                    .SetValue(instance, value);
                break;
            default:
                throw new NotSupportedException(member.ToString());
        }
    }

    public static MemberInfo GetMemberInfo<T>(Expression<Func<T>> expression)
        => GetMemberInfo((LambdaExpression)expression);

    public static MemberInfo GetMemberInfo(this LambdaExpression expression)
        => (expression.Body is UnaryExpression unary ? unary.Operand : expression.Body) switch
        {
            MethodCallExpression call => call.Method,
            MemberExpression member => member.Member,
            _ => throw new ArgumentException($"Expression '{expression}' names no member", nameof(expression))
        };

    public static object GetTarget(this LambdaExpression expression)
        => (expression.Body is UnaryExpression unary ? unary.Operand : expression.Body) switch
        {
            MemberExpression { Expression: ConstantExpression constant } => constant.Value,
            _ => null
        };

    public static string GetDisplayName(this MemberInfo member)
        => $"{member.DeclaringType.GetDisplayName()}.{member.GetDisplayShortName()}";

    public static string GetDisplayName(this Type type)
        => type.DeclaringType is { } declaringType
            ? $"{declaringType.GetDisplayName()}.{type.GetDisplayShortName()}"
            : type.GetDisplayShortName();

    /// <summary>The member's name, without the interface that an explicit implementation carries in front of it.</summary>
    public static string GetDisplayShortName(this MemberInfo member)
        => member.Name[(member.Name.LastIndexOf('.') + 1)..];

    public static string GetDisplayShortName(this Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlyingType)
            return underlyingType.GetDisplayShortName() + "?";
        if (type.IsArray)
            return type.GetElementType().GetDisplayShortName() + "[]";
        if (type.IsGenericType)
        {
            var arguments = type.GetGenericArguments().Select(x => x.GetDisplayShortName()).JoinCommaSpace();
            return $"{type.Name[..type.Name.IndexOf('`')]}<{arguments}>";
        }

        if (type.IsEnum)
            return type.Name;

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "bool",
            TypeCode.Byte => "byte",
            TypeCode.Char => "char",
            TypeCode.Decimal => "decimal",
            TypeCode.Double => "double",
            TypeCode.Int16 => "short",
            TypeCode.Int32 => "int",
            TypeCode.Int64 => "long",
            TypeCode.SByte => "sbyte",
            TypeCode.Single => "float",
            TypeCode.String => "string",
            TypeCode.UInt16 => "ushort",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt64 => "ulong",
            _ => type == typeof(object) ? "object" : type == typeof(void) ? "void" : type.Name
        };
    }
}

/// <summary>A value that is none of those that there are.</summary>
internal sealed class InvalidChoiceException(IEnumerable<string> choices) : Exception($"it is none of {choices.JoinCommaSpace()}");
