namespace System.Runtime.CompilerServices;

/// <summary>What the C# compiler needs for records and init-only members, which netstandard2.0 does not have.</summary>
internal static class IsExternalInit;
