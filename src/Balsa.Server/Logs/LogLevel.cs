namespace Balsa.Server.Logs;

/// <summary>How much somebody should care, as etcd names it.</summary>
public enum LogLevel : byte
{
    Debug = 0,
    Info,
    Warn,
    Error,
}
