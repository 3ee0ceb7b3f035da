:; exec "$(dirname "$0")/build.sh" "$@"
@echo off
where pwsh >nul 2>nul && (set "shell=pwsh") || (set "shell=powershell")
%shell% -NoProfile -ExecutionPolicy Bypass -File "%~dp0build.ps1" %*
exit /b %ERRORLEVEL%
