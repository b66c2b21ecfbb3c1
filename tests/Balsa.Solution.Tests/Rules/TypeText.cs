using System.Globalization;
using System.Reflection;

namespace Balsa.Solution.Tests.Rules;

/// <summary>Types and values as one reads them in source, without a dependence on culture or build.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(char)] = "char", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string",
        [typeof(object)] = "object", [typeof(decimal)] = "decimal",
    };

    public static string Of(ParameterInfo parameter)
    {
        if (!parameter.ParameterType.IsByRef)
        {
            return Of(parameter.ParameterType);
        }

        var isReadOnly = parameter.GetCustomAttributesData().Any(a => a.AttributeType.Name == "IsReadOnlyAttribute");
        var word = parameter.IsOut ? "out" : parameter.IsIn ? "in" : isReadOnly ? "ref readonly" : "ref";
        return $"{word} {Of(parameter.ParameterType.GetElementType()!)}";
    }

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }

        if (type.IsPointer || type.IsByRef)
        {
            return Of(type.GetElementType()!) + (type.IsPointer ? "*" : "&");
        }

        if (Nullable.GetUnderlyingType(type) is { } value && !type.IsGenericTypeDefinition)
        {
            return Of(value) + "?";
        }

        return type.IsGenericParameter ? type.Name : Named(type);
    }

    public static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Named(Type type)
    {
        var arguments = type.GetGenericArguments();
        var own = arguments.Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).Select(Of).ToList();
        var name = type.Name.Split('`')[0] + (own.Count == 0 ? "" : $"<{string.Join(", ", own)}>");
        if (type.DeclaringType is { } outer)
        {
            var closed = outer.IsGenericTypeDefinition && !type.IsGenericTypeDefinition
                ? outer.MakeGenericType([.. arguments.Take(outer.GetGenericArguments().Length)])
                : outer;
            return $"{Of(closed)}.{name}";
        }

        return type.Namespace is null or "System" or "System.Collections.Generic" ? name : $"{type.Namespace}.{name}";
    }
}
